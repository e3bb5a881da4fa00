// The pages on the real program: `dropsmith demo` with its simulated shoppers. Prices and stock move by themselves, a hold
// becomes an order, the server is killed and comes back with what it had promised. Nothing here is mocked.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS, open_browser, says } from './browser.mjs';

const BUILD = process.env.DROPSMITH_BUILD ?? fileURLToPath(new URL('../../build/release', import.meta.url));
const PROGRAM = join(BUILD, 'dropsmith');
const PATIENCE = { timeout: 2 * PATIENCE_MS };

let browser;
let demo;

function free_port() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Starts the demo; what it prints first is one JSON document: {address, token, speed, seed, data}. */
async function start_demo() {
  assert.ok(existsSync(PROGRAM), `${PROGRAM} is not built: ./run build`);
  const words = ['demo', '--json', '--seed', '7', '--listen', `127.0.0.1:${await free_port()}`];
  const child = spawn(PROGRAM, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let log = '';
  child.stderr.on('data', (piece) => (log = (log + piece).slice(-4000)));
  const ended = new Promise((done) => child.on('exit', (code) => done(code)));
  await Promise.race([
    new Promise((done) => {
      child.stdout.on('data', (piece) => {
        said += piece;
        if (said.includes('\n')) done();
      });
    }),
    ended.then((code) => assert.fail(`the demo ended with ${code}: ${log}`)),
  ]);
  const told = JSON.parse(said.slice(0, said.indexOf('\n')));
  return {
    ...told,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

before(async () => {
  [browser, demo] = await Promise.all([open_browser(), start_demo()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const reserve = (page) => page.getByRole('button', { name: /^Reserve (\d|for)/ }).first();
/** Reserves. The shop's clock runs 720 times faster than this page: a price that has moved meanwhile is asked anew. */
async function hold(page) {
  const held = page.getByRole('heading', { name: 'It is held for you' });
  for (let n = 0; n < 20; n += 1) {
    await reserve(page).click(PATIENCE);
    await held.or(page.getByRole('alert')).first().waitFor(PATIENCE);
    if (await held.isVisible()) return;
  }
  assert.fail('a price moved twenty times between a look and a click');
}

test('a visitor sees an open drop whose figures move by themselves', async () => {
  const { page, troubles, close } = await browser.page(demo.address);
  await page.getByText('Simulated shop').waitFor(PATIENCE);
  await reserve(page).waitFor(PATIENCE);
  const lines = page.locator('article fieldset').first();
  const first = await lines.innerText();
  assert.match(first, /£\d+\.\d\d/);
  await page.waitForFunction((text) => document.querySelector('article fieldset').innerText !== text, first, PATIENCE);
  assert.deepEqual(troubles, []);
  await close();
});

test('hold, order, and the page of the drop without script', async () => {
  const { page, troubles, close } = await browser.page(demo.address);
  await hold(page);
  await page.getByLabel(/E-mail/).fill('visitor@example.com');
  await page.getByRole('button', { name: /^Order it, pay £/ }).click();
  await page.getByText(/^Order \d+: /).waitFor(PATIENCE);
  const drops = await page.evaluate(async () => (await (await fetch('/v1/drops')).json()).data);
  const open = drops.find((drop) => drop.status === 'open');
  await page.goto(`${demo.address}/d/${open.slug}`);
  await page.getByRole('heading', { name: open.title, level: 1 }).waitFor(PATIENCE);
  const linked = JSON.parse(await page.locator('script[type="application/ld+json"]').textContent());
  assert.equal(linked['@graph'][0].name, open.title);
  assert.equal(linked['@graph'].length, open.lines.length + 1);
  assert.deepEqual(troubles, []);
  await close();
});

test('staff see decisions arrive; the kill loses nothing: facts, laws, and this hold', async () => {
  const { page, troubles, close } = await browser.page(`${demo.address}/#token=${demo.token}`);
  const count = page.getByText(/\d+ so far, newest first/);
  await count.waitFor(PATIENCE);
  const first = parseInt(await count.innerText(), 10);
  await page.waitForFunction(
    (before) => parseInt(/(\d+) so far, newest first/.exec(document.body.innerText)?.[1] ?? '0', 10) > before, first, PATIENCE);

  await page.getByRole('link', { name: 'Shop', exact: true }).click();
  await hold(page);
  await page.getByRole('button', { name: 'Kill the server' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Kill the server' }).click();
  await page.getByText('Killed. Waiting for the restart').waitFor(PATIENCE);
  const proof = page.getByLabel('What the kill did');
  await proof.getByText(/Nothing lost\. Back after/).waitFor(PATIENCE);
  const words = await proof.innerText();
  const [, before, after_kill] = /([\d,]+) before, ([\d,]+) after/.exec(words) ?? assert.fail(words);
  const number = (text) => Number(text.replaceAll(',', ''));
  assert.ok(number(before) > 0 && number(after_kill) >= number(before), words);
  const [, held, laws] = /(\d+) of (\d+) hold/.exec(words) ?? assert.fail(words);
  assert.ok(Number(laws) > 0 && held === laws, words);
  assert.match(words, /1 of 1 of your holds and orders found again/);
  await page.getByText('live', { exact: true }).waitFor(PATIENCE);
  assert.deepEqual(troubles, []);
  await close();
});

test('staff price by hand: tried, set, ended; killed and undone; then every decision of the week is taken again', async () => {
  const { page, troubles, close } = await browser.page(`${demo.address}/#token=${demo.token}`);
  page.setDefaultTimeout(PATIENCE.timeout);
  await page.getByRole('link', { name: 'Decide' }).click();
  const form = page.getByRole('region', { name: 'Override the price' });
  const now = /Now £(\d+\.\d\d)/.exec(await says(form, /Now £\d+\.\d\d/))[1];
  await form.getByLabel(/Price in GBP/).fill(`${(Number(now) - 0.5).toFixed(2)}`);
  await says(form, /This (costs|brings) about/);
  await form.getByLabel('Until').selectOption('the drop closes');
  await form.getByLabel('Reason').fill('a promise');
  await form.getByRole('button', { name: /^Override to/ }).click();
  const by_hand = page.getByRole('region', { name: 'Prices set by hand' });
  await by_hand.getByRole('button', { name: 'End it now' }).click();
  await page.getByRole('dialog').getByLabel(/^Why/).fill('the promise is kept');
  await page.getByRole('dialog').getByRole('button', { name: 'End the override' }).click();
  await page.getByText('The override has ended').waitFor();
  await page.getByRole('button', { name: /^Kill all prices of/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Kill prices of/ }).click();
  const on = page.getByRole('region', { name: 'The kill switch is on' });
  await on.getByRole('button', { name: 'Undo the kill switch' }).click();
  await page.getByRole('dialog').getByLabel(/^Why/).fill('looked at it');
  await page.getByRole('dialog').getByRole('button', { name: 'Undo the kill switch' }).click();
  await on.waitFor({ state: 'detached' });
  await says(page.getByRole('region', { name: 'What does a change of price do to sales?' }), /periods had more|can be told/);
  await page.getByRole('link', { name: 'Audit' }).click();
  const audit = page.getByRole('region', { name: 'Were prices decided as we say?' });
  await audit.getByLabel('Which week').selectOption({ index: 0 });
  await audit.getByRole('button', { name: 'Run the audit' }).click();
  await says(audit, /All \d+ decisions follow from what was known|No price was decided/);
  const ethics = page.getByRole('region', { name: 'Did anybody pay more than others?' });
  await ethics.getByRole('button', { name: 'Run the audit' }).click();
  await says(ethics, /Nothing was bought|No group paid otherwise|groups? paid otherwise/);
  await ethics.getByRole('button', { name: 'Sign it off' }).click();
  await page.getByRole('dialog').getByLabel(/kept with the signature/).fill('looked at');
  await page.getByRole('dialog').getByRole('button', { name: 'Sign it off' }).click();
  await says(ethics, /Signed .* by you: “looked at”/);
  assert.deepEqual(troubles, []);
  await close();
});

test('the demo ends when it is asked to', async () => {
  assert.equal(await demo.stop(), 0);
});
