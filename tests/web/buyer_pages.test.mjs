// What a buyer does on the pages of a real shop, start to end: comes early with a pass, waits for several things, orders
// ahead what has not arrived. The mock shop has the same moves with answers that get lost (shop_page.test.mjs).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open_browser } from './browser.mjs';
import { later, picture, start_shop } from './real_shop.mjs';

let browser;
let shop;
before(async () => ([browser, shop] = await Promise.all([open_browser(), start_shop()])));
after(async () => {
  await browser?.close();
  assert.equal(await shop?.stop(), 0);
});

async function visit(path, act) {
  const { page, troubles, close } = await browser.page(shop.url + path);
  try {
    await act(page);
    assert.deepEqual(troubles, []);
  } finally {
    await close();
  }
}

test('before the opening, with a pass', async () => {
  await shop.drop({
    slug: 'ahead', title: 'Ahead', opens_in: 3600, preorder_release_seconds: 600,
    lines: [{ sku: 'AHEAD-A', title: 'Tide vase', cap: 10 }],
  });
  const made = await shop.staff('POST', '/v1/passes', {
    title: 'Friends', drops: ['ahead'], valid_until: later(7200), uses: 1, early_seconds: 7200, count: 1,
  });
  await visit('/', async (page) => {
    const row = page.locator('li', { has: page.getByRole('link', { name: 'Ahead' }) });
    await row.getByRole('button', { name: 'I have a pass' }).click();
    await row.getByLabel('Code of your pass').fill('pass_nothing');
    await row.getByRole('button', { name: 'Reserve early for £29.90' }).click();
    await row.getByText('This pass is not valid here, or not now').waitFor();
    await picture(page, 'pass-wrong');
    await row.getByLabel('Code of your pass').fill(made.data[0].code);
    await row.getByRole('button', { name: 'Reserve early for £29.90' }).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
  });
});

test('what is sold out: several things, several of each; and what is promised again is ordered ahead', async () => {
  const by = later(10 * 86_400);
  const drop = await shop.drop({
    slug: 'gone', title: 'Gone',
    lines: [
      { sku: 'GONE-A', title: 'Lamp', cap: 2 }, { sku: 'GONE-B', title: 'Shade', cap: 3 },
      { sku: 'GONE-C', title: 'Candle', cap: 8, stock: 1, backorder_cap: 7, ship_by: by },
    ],
  });
  for (const [sku, units] of [['GONE-A', 2], ['GONE-B', 3], ['GONE-C', 1]])
    await shop.ask('POST', '/v1/holds', { drop, channel: 'web', lines: [{ sku, units }] }, null);
  const wishes = async () => (await shop.staff('GET', `/v1/drops/${drop}/waiting`)).data;
  await visit('/#/d/gone', async (page) => {
    const card = page.locator('article', { has: page.getByRole('heading', { name: 'Gone', exact: true }) });
    await card.getByRole('button', { name: 'Add one Lamp' }).click();
    await card.getByRole('button', { name: 'Add one Lamp' }).click();
    await card.getByRole('button', { name: 'Add one Shade' }).click();
    await picture(page, 'several');
    await card.getByRole('button', { name: 'Join the line' }).click();
    await card.getByText('You are next').waitFor();
    await card.getByText('2 × Lamp, Shade').waitFor();
  });
  await visit('/#/d/gone', async (page) => {
    const card = page.locator('article', { has: page.getByRole('heading', { name: 'Gone', exact: true }) });
    await card.getByRole('button', { name: 'Add one Candle' }).click();
    await card.getByRole('button', { name: 'Order ahead for at most £29.90' }).click();
    await card.getByText('Ordered ahead:').waitFor();
    await card.getByText(/The shop promises it by/).waitFor();
    await picture(page, 'promised');
  });
  assert.deepEqual(
    (await wishes()).map((wish) => [wish.preorder, wish.lines.map((line) => [line.sku, line.units])]),
    [[false, [['GONE-A', 2], ['GONE-B', 1]]], [true, [['GONE-C', 1]]]],
  );
});
