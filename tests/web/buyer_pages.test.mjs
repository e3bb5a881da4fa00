// What a buyer does on the pages of a real shop, start to end: enters a waiting room by e-mail address, has an order
// brought with its whole price known before, orders ahead, comes early with a pass, waits for several things, and is
// counted as one look. The mock shop has the same moves with answers that get lost (shop_page.test.mjs).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open_browser, says, until } from './browser.mjs';
import { gbp, later, picture, start_shop } from './real_shop.mjs';

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

test('a waiting room that gives places by person is entered with an e-mail address, without script', async () => {
  await shop.drop({
    slug: 'by-person', title: 'By Person', lines: [{ sku: 'ROOM-A', title: 'Tide vase', cap: 5 }], opens_in: 900,
    room: { kind: 'ballot', entry_before_seconds: 3600, draw_before_seconds: 10, admission_seconds: 600, by_person: true },
  });
  const entrants = async () => (await shop.ask('GET', '/v1/drops/by-person/room', null, null)).body.entrants;
  await visit('/d/by-person', async (page) => {
    await page.getByRole('link', { name: 'Enter the waiting room' }).click();
    const email = page.getByLabel(/Your e-mail address/);
    await picture(page, 'room-by-person');
    assert.equal(await email.getAttribute('autocomplete'), 'email');
    await page.getByRole('button', { name: 'Enter the waiting room' }).click();
    await page.locator('input:invalid:focus').waitFor(); // the browser itself asks for the address
    assert.equal(await entrants(), 0);
    await email.fill('ines@nowhere..example');
    await page.evaluate(() => (document.querySelector('form').noValidate = true));
    await page.getByRole('button', { name: 'Enter the waiting room' }).click();
    await page.getByRole('alert').getByText('An address such as').waitFor();
    assert.equal(await email.inputValue(), 'ines@nowhere..example', 'what was typed is still there');
    await picture(page, 'room-by-person-wrong');
    await email.fill('ines@example.com');
    await page.getByRole('button', { name: 'Enter the waiting room' }).click();
    await page.getByText('You are in.').waitFor();
    assert.equal(await entrants(), 1);
    await page.reload();
    await page.getByText('You are in.').waitFor();
  });
  await visit('/d/by-person/room', async (page) => {
    await page.getByLabel(/Your e-mail address/).fill('Ines@Example.com');
    await page.getByRole('button', { name: 'Enter the waiting room' }).click();
    await page.getByRole('alert').getByText('in the room already, from another browser').waitFor();
    assert.equal(await entrants(), 1, 'one place for each person');
    await page.getByLabel(/Your e-mail address/).fill('ada@example.com');
    await page.getByRole('button', { name: 'Enter the waiting room' }).click();
    await page.getByText('You are in.').waitFor();
    assert.equal(await entrants(), 2);
  });
});

test('a turn that the room’s own page gives opens the live page, too', async () => {
  const drop = await shop.drop({
    slug: 'turn', title: 'Turn', lines: [{ sku: 'ROOM-B', title: 'Tide vase', cap: 5 }], opens_in: 6,
    room: { kind: 'fifo', entry_before_seconds: 3600, admission_seconds: 600, by_person: true },
  });
  await visit('/d/turn/room', async (page) => {
    await page.getByLabel(/Your e-mail address/).fill('ines@example.com');
    await page.getByRole('button', { name: 'Enter the waiting room' }).click();
    await shop.until(drop, (seen) => seen.status === 'open');
    await page.getByRole('link', { name: 'Buy now' }).click();
    const card = page.locator('article', { has: page.getByRole('heading', { name: 'Turn', exact: true }) });
    await card.getByRole('button', { name: /^Reserve/ }).click();
    await card.getByRole('heading', { name: 'It is held for you' }).waitFor();
  });
});

test('brought to the door: the total that is shown is the total of the order', async () => {
  await shop.staff('PATCH', '/v1/shop', {
    tax: [
      { category: 'standard', zone: '', rate: 0.2 }, { category: 'standard', zone: 'DE', rate: 0.19 },
    ],
    delivery: [
      { code: 'pickup', title: 'Pick it up', charge: gbp(0) }, { code: 'post', title: 'By post', charge: gbp(450) },
    ],
  });
  await shop.staff('PATCH', '/v1/payments/terms', { bank: { holder: 'Tide', iban: 'GB29 NWBK 6016 1331 9268 19' } });
  await shop.drop({ slug: 'door', title: 'Door', lines: [{ sku: 'DOOR-A', title: 'Quay carafe', cap: 9 }] });
  await visit('/#/d/door', async (page) => {
    const card = page.locator('article', { has: page.getByRole('heading', { name: 'Door', exact: true }) });
    await card.getByRole('button', { name: /^Reserve/ }).click();
    await card.getByRole('radio', { name: /By post/ }).check({ force: true });
    const sum = card.getByLabel('What it comes to');
    await sum.getByText('£34.40').waitFor();
    await sum.getByText('of it tax, 20 %').waitFor();
    await card.getByLabel('Country').selectOption({ label: 'Germany' });
    await sum.getByText('of it tax, 19 %').waitFor();
    await card.getByLabel(/E-mail/).fill('ines@example.com');
    await card.getByLabel('Name on the parcel').fill('Ines Okafor');
    await card.getByLabel('Street and number').fill('Hafenstraße 1');
    await card.getByLabel('Postcode').fill('20359');
    await card.getByLabel('Town').fill('Hamburg');
    await picture(page, 'door');
    await card.getByRole('button', { name: 'Order it, pay £34.40 by transfer' }).click();
    await card.getByText(/^Order \d+: /).waitFor();
  });
  const { data } = await shop.staff('GET', '/v1/orders?drop=door');
  const order = await shop.staff('GET', `/v1/orders/${data[0].id}`);
  assert.deepEqual([order.total, order.delivery, order.promise.method], [gbp(3440), gbp(450), 'ship']);
  assert.deepEqual(order.tax.map((row) => row.rate), [0.19]);
  const { body } = await shop.ask('POST', '/v1/persons/export', { email: 'ines@example.com' });
  assert.match(JSON.stringify(body), /Hafenstraße 1\\n20359 Hamburg\\nGermany/, 'the address lies in the vault');
});

test('from the reserve, before the opening; and early, with a pass', async () => {
  const drop = await shop.drop({
    slug: 'ahead', title: 'Ahead', opens_in: 3600, preorder_release_seconds: 600,
    lines: [{ sku: 'AHEAD-A', title: 'Tide vase', cap: 10, preorder_share: 0.2 }],
  });
  const made = await shop.staff('POST', '/v1/passes', {
    title: 'Friends', drops: ['ahead'], valid_until: later(7200), uses: 1, early_seconds: 7200, count: 1,
  });
  await visit('/', async (page) => {
    const row = page.locator('li', { has: page.getByRole('link', { name: 'Ahead' }) });
    await row.getByText(/2 of them left\. Until/).waitFor();
    await picture(page, 'reserve');
    await row.getByRole('button', { name: 'One more' }).click();
    await row.getByRole('button', { name: 'Order 2 ahead for £59.80' }).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
  });
  const seen = await shop.staff('GET', `/v1/drops/${drop}`);
  assert.deepEqual([seen.lines[0].preorder_held, seen.lines[0].held], [2, 2]);
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

test('the link to an offer, which staff send, opens it on the drop\'s page of whatever browser', async () => {
  const drop = await shop.drop({ slug: 'letter', title: 'Letter', lines: [{ sku: 'LETTER', title: 'Ewer', cap: 1 }] });
  const goods = { drop, channel: 'web', lines: [{ sku: 'LETTER', units: 1 }] };
  const held = (await shop.ask('POST', '/v1/holds', goods, null)).body;
  const person = { email: 'ines@example.com', name: 'Ines' };
  await shop.ask('POST', `/v1/drops/${drop}/waiting`, { channel: 'web', lines: goods.lines, person }, null);
  const row = async () => (await shop.staff('GET', `/v1/drops/${drop}/waiting`)).data[0];
  assert.deepEqual([(await row()).contact, (await row()).link], [person, null]);
  await shop.ask('DELETE', `/v1/holds/${held.id}`, undefined, held.secret);
  let offered = await row();
  for (let i = 0; i < 100 && !offered.link; ++i) {
    await new Promise((go) => setTimeout(go, 100));
    offered = await row();
  }
  const path = offered.link; // no --public-url is set: the path alone
  assert.match(path, /^\/#\/offer\//);
  await visit(path, async (page) => {
    const card = page.locator('article', { has: page.getByRole('heading', { name: 'Letter', exact: true }) });
    await card.getByText('One came back, and it is your turn').waitFor();
    assert.match(page.url(), /#\/d\/letter$/, 'the secret has left the address');
    await picture(page, 'offer');
    await card.getByRole('button', { name: 'Take it' }).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
  });
  await visit(`/#/offer/${offered.id}/not-the-secret`, async (page) => {
    await page.getByText(/This link is not one of this shop/).waitFor();
  });
});

test('an announced fall stands on both pages before the opening', async () => {
  await shop.drop({
    slug: 'taper', title: 'Taper', opens_in: 3600, hours: 24, pricing: { policy: 'fixed', mode: 'taper' },
    lines: [{ sku: 'TAPER-A', title: 'Rope mat', cap: 4, bands: [gbp(2000), gbp(2500), gbp(2990)] }],
  });
  await visit('/d/taper', async (page) => {
    await page.getByRole('heading', { name: 'How the price falls' }).waitFor();
    await says(page.locator('ol'), /£29\.90[\s\S]*£25\.00[\s\S]*£20\.00/);
    await picture(page, 'taper-plain');
    await page.getByRole('link', { name: /countdown/ }).click();
    const row = page.locator('li', { has: page.getByRole('link', { name: 'Taper' }) });
    await row.getByText('How the price falls').waitFor();
    await says(row, /£29\.90[\s\S]*£25\.00[\s\S]*£20\.00/);
  });
});

test('a visit is one look; the report’s conversion becomes known; who asks not to be counted is not', async () => {
  const drop = await shop.drop({ slug: 'looks', title: 'Looks', lines: [{ sku: 'LOOK-A', title: 'Bowl', cap: 9 }] });
  const conversion = async () => (await shop.staff('GET', `/v1/drops/${drop}/report`)).conversion;
  assert.deepEqual([(await conversion()).value, (await conversion()).per], [null, 'unknown']);
  const counts = (n) => until(conversion, (seen) => seen.of >= n, `fewer than ${n} looks`);
  const card = (page) => page.locator('article', { has: page.getByRole('heading', { name: 'Looks', exact: true }) });
  await visit('/#/d/looks', async (page) => {
    await card(page).scrollIntoViewIfNeeded();
    assert.equal((await counts(1)).of, 1);
    await page.reload();
    await card(page).scrollIntoViewIfNeeded();
    await card(page).getByRole('button', { name: /^Reserve/ }).click();
    await card(page).getByLabel(/E-mail/).fill('ines@example.com');
    await card(page).getByRole('button', { name: /^Order it/ }).click();
    await card(page).getByText(/^Order \d+: /).waitFor();
  });
  const look = (headers, session = 'elsewhere') =>
    fetch(`${shop.url}/v1/drops/looks/looks`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify({ session }),
    }).then((reply) => reply.json());
  assert.deepEqual(await look({ 'Sec-GPC': '1' }), { counted: false });
  assert.deepEqual(await look({ DNT: '1' }), { counted: false });
  assert.deepEqual(await look({ Authorization: `Bearer ${shop.token}` }), { counted: false }, 'staff are no shoppers');
  await visit('/#/d/looks', async (page) => {
    await card(page).scrollIntoViewIfNeeded();
    const seen = await counts(2);
    assert.deepEqual([seen.per, seen.of, seen.value], ['page view', 2, 0.5], 'two sessions, one order');
  });
  const event = (more) => ({ specversion: '1.0', id: '1', source: 'mine', type: 'page.viewed', ...more });
  const told = async (body, bearer) => (await shop.ask('POST', '/v1/signals', body, bearer)).body;
  assert.match((await told(event({ source: 'dropsmith:' }), null)).rejected[0].detail, /the shop's own/);
  assert.match((await told(event({ data: { drop: 'looks', count: 50 } }), null)).rejected[0].detail, /with a grant/);
  assert.equal((await told(event({ data: { drop: 'looks', count: 2 } }), shop.token)).accepted, 1);
  assert.equal((await counts(4)).of, 4);
});

test('a price of one’s own is told beside the price and in the hold; a neighbour sees neither', async () => {
  const told = 'This price was personalised for you by automated decision-making: a rule of this shop looked at how often you have ordered here.';
  await shop.staff('PATCH', '/v1/price-rules', { personal: [{ jurisdiction: 'GB', disclosure: told }] });
  await shop.drop({
    slug: 'own-price', title: 'Own Price', lines: [{ sku: 'OWN-A', title: 'Tide vase', size: 'Small', cap: 9 }],
    pricing: {
      policy: 'fixed', features: ['orders_before'], personal: 'GB',
      personal_offers: [{ feature: 'orders_before', at_least: 3, discount: 0.1 }],
    },
  });
  const card = (page) => page.locator('article', { has: page.getByRole('heading', { name: 'Own Price', exact: true }) });
  await visit('/#/d/own-price', async (page) => {
    await card(page).getByText('£29.90', { exact: true }).waitFor();
    assert.equal(await page.getByText(told).count(), 0);
    const session = await page.evaluate(() => localStorage.getItem('dropsmith.shopper'));
    await shop.staff('POST', '/v1/drops/own-price/offers', {
      session, jurisdiction: 'GB', features: [{ feature: 'orders_before', value: 4 }],
    });
    await page.reload();
    const note = card(page).getByRole('complementary', { name: 'A price for you alone' });
    await says(note, /£26\.91 for you[\s\S]*everybody else pays £29\.90[\s\S]*10 % off[\s\S]*at least 3 earlier orders/);
    await says(note, new RegExp(told));
    await says(card(page).locator('label'), /everybody else pays £29\.90[\s\S]*£26\.91/);
    await picture(page, 'own-price');
    await card(page).getByRole('button', { name: /^Reserve for £26\.91/ }).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    await says(note, new RegExp(told));
    await picture(page, 'own-price-held');
  });
  await visit('/#/d/own-price', async (page) => {
    await card(page).getByText('£29.90', { exact: true }).waitFor();
    assert.equal(await page.getByText('for you').count(), 0);
  });
});
