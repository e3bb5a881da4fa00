// A real shop for the page tests: `dropsmith serve` on a folder of its own, and calls of its API as staff. Nothing is
// mocked and nothing is simulated. Loopback only, a port that the system chooses; the process ends by its own id.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './browser.mjs';

const BUILD = process.env.DROPSMITH_BUILD ?? fileURLToPath(new URL('../../build/release', import.meta.url));
const PROGRAM = join(BUILD, 'dropsmith');
export const gbp = (amount) => ({ amount, currency: 'GBP' });
export const later = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

export async function start_shop() {
  assert.ok(existsSync(PROGRAM), `${PROGRAM} is not built: ./run build`);
  const data = mkdtempSync(join(tmpdir(), 'dropsmith-pages-'));
  const made = execFileSync(PROGRAM, ['token', 'create', '--role', 'owner', '--data', data, '--json']);
  const { token } = JSON.parse(made.toString());
  const child = spawn(PROGRAM, ['serve', '--data', data, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (piece) => (log = (log + piece).slice(-40_000)));
  const ended = new Promise((done) => child.on('exit', (code) => done(code)));
  const address = () => /"event":"serving","address":"([^"]+)"/.exec(log)?.[1];
  const url = await until(() => address() ?? (child.exitCode !== null && 'ended'), Boolean, 'the shop did not start');
  assert.notEqual(url, 'ended', `the shop ended: ${log}`);

  const shop = {
    url,
    token,
    /** {status, body}, as whoever `bearer` names; the owner by default. */
    async ask(method, path, body, bearer = token) {
      const headers = { 'Content-Type': 'application/json' };
      if (bearer) headers.Authorization = `Bearer ${bearer}`;
      if (method !== 'GET') headers['Idempotency-Key'] = randomUUID();
      const reply = await fetch(url + path, { method, headers, body: body ? JSON.stringify(body) : undefined });
      const text = await reply.text();
      const json = (reply.headers.get('Content-Type') ?? '').includes('json');
      return { status: reply.status, body: json ? JSON.parse(text) : text };
    },
    async staff(method, path, body) {
      const answer = await shop.ask(method, path, body);
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    /** Goods with stock at a place of their own, and a drop over them; `lines` as the API takes them, `sku` and `cap`. */
    async drop({ slug, title, lines, stock = true, opens_in = -1, hours = 24, schedule = true, ...more }) {
      const place = (await shop.staff('POST', '/v1/places', {
        name: `Hub of ${title}`, kind: 'hub', time_zone: 'Europe/London',
      })).id;
      for (const line of lines) {
        const goods = { sku: line.sku, size: line.size ?? '', unit_cost: gbp(1000), list_price: line.list_price ?? gbp(2990) };
        await shop.staff('POST', '/v1/products', { title: line.title ?? line.sku, skus: [goods] });
        const units = line.stock ?? line.cap;
        if (stock && units > 0)
          await shop.staff('POST', '/v1/stock/receipts', {
            place, lines: [{ sku: line.sku, units, unit_cost: gbp(1000) }],
          });
      }
      const opens = opens_in < 0 ? 1 : opens_in;
      const drafted = await shop.staff('POST', '/v1/drops', {
        slug, title, story: 'Three lines, laid while the glass still moves.', opens_at: later(opens),
        closes_at: later(opens + hours * 3600), timezone: 'Europe/London', channels: ['web'],
        pricing: { policy: 'fixed', objective: 'contribution_margin', cadence_s: 3600 },
        ...more,
        lines: lines.map(({ title: _t, size: _s, stock: _u, ...line }) => ({
          bands: [gbp(2990)], floor: gbp(1500), list_price: gbp(2990), ...line,
        })),
      });
      if (schedule) await shop.staff('POST', `/v1/drops/${drafted.id}/schedule`, {});
      if (opens_in < 0) await shop.until(drafted.id, (seen) => seen.status === 'open');
      return drafted.id;
    },
    async until(drop, holds) {
      return until(() => shop.staff('GET', `/v1/drops/${drop}`), holds, `the drop ${drop} never came to it`);
    },
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      rmSync(data, { recursive: true, force: true });
      return code;
    },
  };
  await until(() => fetch(`${url}/readyz`).then((reply) => reply.status, String), (seen) => seen === 200, log);
  return shop;
}

/** With DROPSMITH_SHOTS=DIR the pages of a test are kept as pictures, at the widths of a phone and of a desk. */
export async function picture(page, name) {
  const folder = process.env.DROPSMITH_SHOTS;
  if (!folder) return;
  const before = page.viewportSize();
  for (const [width, height] of [[390, 844], [1280, 900]]) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(150);
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize(before);
}
