// The shop's front as a visitor uses it, against the mock shop: what is shown, what changes by itself, hold to order, and
// what is said when the shop refuses or does not answer.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { open_browser, says, side_by_side, until } from './browser.mjs';
import { start_mock } from './mock_api.mjs';

const test = side_by_side('the shop’s front');
const browser = await open_browser();
after(() => browser.close());

async function visit(options, act, where = {}) {
  const mock = await start_mock(options);
  const { page, troubles, close } = await browser.page(mock.url + (where.path ?? '/'), where);
  try {
    await act(page, mock);
    assert.deepEqual(troubles, []);
  } finally {
    await close();
    await mock.stop();
  }
}
const line = (page, words) => page.locator('label', { hasText: words });
const reserve = (page) => page.getByRole('button', { name: /^Reserve/ });
const live = (page) => page.getByText('live', { exact: true }).waitFor();
const asks = (mock, ending) => mock.requests.filter((request) => request.path.endsWith(ending));
/** What was to happen by itself in the page has happened: two pictures were drawn, and an ask begun now is answered. */
const at_rest = (page) =>
  page.evaluate(async () => {
    for (let n = 0; n < 2; n += 1) await new Promise(requestAnimationFrame);
    await fetch('/readyz');
  });

test('shows each line with price, the lowest price of 30 days where it is lower, and what is left', () =>
  visit({}, async (page) => {
    await page.getByRole('heading', { name: 'Winter Glass' }).waitFor();
    await says(line(page, 'Small'), /£36\.00[\s\S]*47\sleft/);
    await says(line(page, 'Tall'), /lowest price of 30 days £56\.00[\s\S]*£52\.00[\s\S]*34\sleft/);
    await says(line(page, 'tumblers'), /3\sleft/);
    await says(line(page, 'carafe'), /Sold out/);
    assert.ok(await line(page, 'carafe').locator('input').isDisabled());
    await says(page.getByRole('listitem').filter({ hasText: 'Ember Mugs' }), /opens in/);
    await live(page);
    await at_rest(page);
    assert.equal(await page.getByText('Simulated shop').count(), 0);
  }));

test('says "few" as the shop does, never a number of its own', () =>
  visit({ scenario: 'few' }, async (page) => {
    await line(page, 'Small').getByText('Few left').waitFor();
    assert.doesNotMatch(await line(page, 'Small').innerText(), /\d+\sleft/);
  }));

test('price and stock change by themselves', () =>
  visit({}, async (page, mock) => {
    await line(page, 'Small').getByText('£36.00').waitFor();
    await live(page);
    mock.set_price('winter-glass', 'VASE-S', 3400);
    await line(page, 'Small').getByText('£34.00').waitFor();
    mock.take('winter-glass', 'VASE-S', 46);
    await line(page, 'Small').getByText(/^\s*1\sleft/).waitFor();
    mock.take('winter-glass', 'VASE-S', 1);
    await line(page, 'Small').getByText('Sold out').waitFor();
  }));

test('a line that broke is named, and stands again by itself', () =>
  visit({}, async (page, mock) => {
    await live(page);
    for (const { reply } of mock.shop.streams) reply.destroy();
    mock.shop.find('winter-glass').title = 'Winter Glass, second day';
    await page.getByRole('heading', { name: 'second day' }).waitFor();
    await live(page);
  }));

test('the countdown runs by the clock of the shop, not of the visitor', () =>
  visit({ speed: 600, simulated: true }, async (page) => {
    const timer = page.locator('article').getByRole('timer');
    await page.getByText('1 d 1').first().waitFor();
    const seconds = async () => {
      const [days, clock] = (await timer.innerText()).split(' d ');
      const [h, m, s] = clock.split(':').map(Number);
      return Number(days) * 86400 + h * 3600 + m * 60 + s;
    };
    const first = await seconds(); // by the visitor's own clock it would take ten minutes, longer than anybody waits here
    await until(seconds, (left) => first - left > 600, 'the countdown stands');
  }));

test('reserve, confirm, order: with one key each', () =>
  visit({}, async (page, mock) => {
    await page.getByRole('button', { name: 'One more' }).click();
    await page.getByRole('button', { name: 'Reserve 2 for £72.00' }).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    assert.equal(mock.shop.holds.size, 1);
    await page.getByRole('button', { name: /^Order it/ }).click();
    await page.getByText('An address such as').waitFor();
    await page.getByLabel(/E-mail/).fill('ines@example.com');
    await page.getByLabel('Pick up at').selectOption({ label: 'Camden' });
    await page.getByRole('button', { name: 'Order it, pay £72.00 at pick-up' }).click();
    await page.getByText('Order 2231: 2 × Tide vase, Small, 18 cm').waitFor();
    const sent = mock.requests.find((request) => request.path.endsWith('/confirm'));
    assert.deepEqual(sent.body.person, { email: 'ines@example.com' });
    assert.deepEqual(sent.body.fulfilment, { method: 'pickup', place: 'plc_camden' });
    assert.deepEqual(sent.body.payment, { method: 'pay_at_pickup' });
    const held = mock.requests.find((request) => request.path === '/v1/holds');
    assert.deepEqual(held.body.lines[0].expect_unit_price, { amount: 3600, currency: 'GBP' });
    await page.reload();
    await page.getByText('Order 2231:').waitFor();
  }));

test('a payment page: gone to, come back from, and its state told as the shop says it', () =>
  visit({ methods: ['stripe', 'bank_transfer', 'pay_at_pickup'] }, async (page, mock) => {
    await reserve(page).click();
    await page.getByLabel(/E-mail/).fill('ines@example.com');
    assert.equal(await page.getByLabel('How to pay').inputValue(), '');
    await page.getByRole('button', { name: 'Pay £36.00' }).click();
    await page.waitForURL(/payment-page/);
    await page.getByText('Not paid yet: £36.00').waitFor();
    await page.getByLabel(/E-mail/).waitFor({ state: 'detached' }); // nothing is to be filled in twice
    const hold = [...mock.shop.holds.values()][0];
    const sent = mock.requests.find((request) => request.path.endsWith('/checkout') && request.method === 'POST');
    assert.deepEqual(sent.body.person, { email: 'ines@example.com' });
    Object.assign(hold.checkout, { status: 'refused', url: null });
    await page.getByText('It came too late').waitFor();
    Object.assign(hold.checkout, { status: 'open', url: '/' });
    await page.reload();
    await page.getByRole('link', { name: 'Go to the payment page' }).waitFor();
    mock.shop.paid(hold);
    await page.getByText(/Order 2231: .*£36\.00, paid\./).waitFor();
    await page.reload();
    await page.getByText(/paid\./).waitFor();
  }));

test('a bank transfer: chosen, ordered, and what the bank needs is shown', () =>
  visit({ methods: ['bank_transfer', 'pay_at_pickup'] }, async (page, mock) => {
    await reserve(page).click();
    await page.getByLabel(/E-mail/).fill('ines@example.com');
    await page.getByRole('button', { name: 'Order it, pay £36.00 by transfer' }).click();
    await page.getByText('Order 2231:').waitFor();
    const sent = mock.requests.find((request) => request.path.endsWith('/confirm'));
    assert.deepEqual(sent.body.payment, { method: 'bank_transfer' });
    await page.getByText('RF59 0000 1001').waitFor();
  }));

async function order(page) {
  await reserve(page).click();
  await page.getByLabel(/E-mail/).fill('ines@example.com');
  await page.getByRole('button', { name: /^Order it/ }).click();
  await page.getByText('Order 2231:').waitFor();
}

test('an order outlives its drop: kept with its secret, told as it stands, called off once asked', () =>
  visit({}, async (page, mock) => {
    await order(page);
    await page.getByText('You pick it up at Hackney.').waitFor();
    await page.getByRole('button', { name: 'Reserve something else' }).click();
    await reserve(page).waitFor();
    mock.shop.find('winter-glass').status = 'closed';
    await page.reload();
    await page.getByRole('heading', { name: 'Nothing is open just now' }).waitFor();
    await page.getByRole('link', { name: '2231, Winter Glass' }).click();
    const [kept] = mock.shop.orders.values();
    for (const [status, words] of [
      [{ status: 'ready' }, 'It waits for you at Hackney.'],
      [{ status: 'handed_over' }, 'Picked up'],
      [{ refund_state: 'partly', refunded: { amount: 600, currency: 'GBP' } }, '£6.00 of it was refunded.'],
      [{ refund_state: 'fully', refunded: { amount: 3600, currency: 'GBP' } }, '£36.00 went back'],
      [{ refund_state: 'none', status: 'paid' }, 'The shop gets it ready, to pick up at Hackney.'],
    ]) {
      Object.assign(kept, status);
      await page.reload();
      await page.getByText(words).waitFor();
    }
    await page.getByRole('button', { name: 'Call it off' }).click();
    await page.getByRole('button', { name: 'Keep the order' }).click();
    assert.equal(kept.status, 'paid');
    await page.getByRole('button', { name: 'Call it off' }).click();
    await page.getByRole('button', { name: 'Call off order 2231' }).click();
    await page.getByText('£36.00 goes back the way it came.', { exact: true }).waitFor();
    assert.equal(kept.status, 'cancelled');
    await page.getByRole('button', { name: 'Call it off' }).waitFor({ state: 'detached' });
    const asked = asks(mock, '/cancel');
    assert.equal(asked.length, 1);
    assert.match(asked[0].key, /^[0-9a-f]{32}$/);
  }));

test('an order of another browser is not known here, and that is said', () =>
  visit({}, (page) => page.getByText('No order in this browser').waitFor(), { path: '/#/orders' }));

test('a hold goes on when its drop closes: it can still be ordered, and the order stays in sight', () =>
  visit({}, async (page, mock) => {
    await reserve(page).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    await live(page);
    const drop = mock.shop.find('winter-glass');
    drop.status = 'closed';
    mock.shop.say('status', { drop: drop.id, status: 'closed' });
    await page.getByText('Just closed').waitFor();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    await page.getByLabel(/E-mail/).fill('ines@example.com');
    await page.getByRole('button', { name: /^Order it/ }).click();
    await page.getByText('Order 2231:').waitFor();
    await page.reload();
    await page.getByRole('link', { name: '2231, Winter Glass' }).waitFor();
  }));

test('a drop that was closed by hand closed early, not at a time that lies ahead', () =>
  visit({}, async (page, mock) => {
    mock.shop.find('winter-glass').status = 'closed';
    await page.reload();
    await page.getByRole('listitem').filter({ hasText: 'Winter Glass' }).getByText('early', { exact: true }).waitFor();
  }));

test('an address whose drop is over or was never there says so', async () => {
  await visit({}, (page) => page.getByText(/^First Light closed .* This is open now:/).waitFor(), {
    path: '/#/d/first-light',
  });
  await visit({ scenario: 'empty' }, (page) => page.getByText('There is no drop at this address').waitFor(), {
    path: '/#/d/nothing',
  });
});

test('a waiting room that counts people: entered with an address, waited in, and its turn buys', () =>
  visit({ scenario: 'bell' }, async (page, mock) => {
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByText('An address such as').waitFor();
    assert.equal(await reserve(page).count(), 0, 'nobody reserves without a turn');
    await page.getByLabel(/Enter the waiting room/).fill('ines@example.com');
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByText('You are in').waitFor();
    const sent = mock.requests.find((request) => request.path.endsWith('/room') && request.method === 'POST');
    assert.deepEqual(sent.body.person, { email: 'ines@example.com' });
    const [place] = mock.shop.entrants.values();
    Object.assign(place, { status: 'waiting', position: 41, wait_seconds: { from: 100, to: 200 } });
    await page.getByText('Your place: 41').waitFor();
    await page.getByText('Your turn comes in 2 to 4 minutes').waitFor();
    await page.reload();
    await page.getByText('Your place: 41').waitFor();
    const until = new Date(mock.shop.now() + 600_000).toISOString();
    Object.assign(place, { status: 'admitted', position: null, admission: 'adm_1', admission_expires_at: until });
    await page.getByText('It is your turn').waitFor();
    await reserve(page).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    const { body } = mock.requests.find((request) => request.path === '/v1/holds');
    assert.deepEqual([body.session, body.admission], [sent.body.session, 'adm_1']);
  }));

test('tell me when it opens: a wrong address is named, a right one asked for once; the letter leads to yes and no', () =>
  visit({ scenario: 'soon' }, async (page, mock) => {
    await page.getByRole('button', { name: 'Tell me' }).click();
    await page.getByText('An address such as').waitFor();
    await page.getByLabel('Tell me when it opens').fill('ines@example.com');
    await page.getByRole('button', { name: 'Tell me' }).click();
    await page.getByText('It will write once to ask whether it was you').waitFor();
    assert.equal(mock.shop.subscriptions.size, 1);
    await page.goto(`${mock.url}/#/told/sub_1/secret`);
    await page.getByRole('button', { name: 'Yes, tell me' }).click();
    await page.getByText('You will be told when it opens').waitFor();
    await page.getByRole('button', { name: 'Tell me nothing after all' }).click();
    await page.getByText('You will not be told').waitFor();
  }));

for (const [currency, small, two] of [['JPY', '¥3,600', '¥7,200'], ['BHD', /BHD\s3\.600/, /BHD\s7\.200/]]) {
  test(`money of ${currency} has its own number of digits`, () =>
    visit({ currency }, async (page) => {
      await line(page, 'Small').getByText(small).waitFor();
      await page.getByRole('button', { name: 'One more' }).click();
      await page.getByRole('button', { name: two }).click();
      await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    }));
}

const WAYS = [
  { code: 'pickup', title: 'Pick it up', method: 'pickup', charge: { amount: 0, currency: 'GBP' } },
  { code: 'post', title: 'By post, 2 days', method: 'ship', charge: { amount: 450, currency: 'GBP' } },
];

test('brought to the door: the way, the address, and the whole price before it is ordered', () =>
  visit({ delivery: WAYS, methods: ['bank_transfer', 'pay_at_pickup'] }, async (page, mock) => {
    await reserve(page).click();
    await page.getByRole('radio', { name: /Pick it up/ }).waitFor();
    await page.getByLabel('Pick up at').waitFor();
    await page.getByRole('radio', { name: /By post/ }).check({ force: true });
    await page.getByLabel('Pick up at').waitFor({ state: 'detached' });
    const sum = page.getByLabel('What it comes to');
    await sum.getByText('£4.50').waitFor();
    await sum.getByText('£40.50').waitFor();
    await sum.getByText('of it tax, 20 %').waitFor();
    const order = page.getByRole('button', { name: 'Order it, pay £40.50 by transfer' });
    await order.click();
    for (const words of ['An address such as', 'The street is needed', 'The town is needed', 'Choose the country'])
      await page.getByText(words).waitFor();
    assert.equal(mock.requests.filter((request) => request.path.endsWith('/confirm')).length, 0);
    await page.locator('input[type=email]:focus').waitFor(); // the first that is wrong has the focus
    await page.getByLabel(/E-mail/).fill('ines@example.com');
    await page.getByLabel('Name on the parcel').fill('Nobody');
    for (const [label, text, autofill] of [
      ['Street and number', '1 Creek Road', 'street-address'], ['Postcode', 'SE8 3BU', 'postal-code'],
      ['Town', 'London', 'address-level2'],
    ]) {
      assert.equal(await page.getByLabel(label).getAttribute('autocomplete'), autofill);
      await page.getByLabel(label).fill(text);
    }
    await page.getByLabel('Country').selectOption({ label: 'United Kingdom' });
    await order.click();
    await page.getByText('is not a name').first().waitFor();
    await page.getByLabel('Name on the parcel').and(page.locator('[aria-invalid=true]')).waitFor(); // said at its field
    await page.getByLabel('Name on the parcel').fill('Ines Okafor');
    await order.click();
    await page.getByText('Order 2231:').waitFor();
    const sent = mock.requests.filter((request) => request.path.endsWith('/confirm')).at(-1);
    assert.deepEqual(sent.body.fulfilment, {
      method: 'ship', delivery: 'post', zone: 'GB',
      address: 'Ines Okafor\n1 Creek Road\nSE8 3BU London\nUnited Kingdom',
    });
    assert.deepEqual(sent.body.payment, { method: 'bank_transfer' });
    const asked = mock.requests.filter((request) => request.path.endsWith('/total')).at(-1);
    assert.deepEqual(asked.body.fulfilment, { method: 'ship', delivery: 'post', zone: 'GB' }, 'no address for a sum');
  }));

test('a shop that takes no money before sells nothing that is sent', () =>
  visit({ delivery: WAYS }, async (page) => {
    await reserve(page).click();
    await page.getByLabel('Pick up at').waitFor();
    assert.equal(await page.getByRole('radio', { name: /By post/ }).count(), 0);
  }));

test('before the opening: what is kept is ordered ahead, with how many and until when', () =>
  visit({ scenario: 'ahead' }, async (page, mock) => {
    await page.getByText('Some are kept for orders ahead').waitFor();
    await page.getByText(/3 of them left\. Until/).waitFor();
    await page.getByLabel('What').selectOption({ label: 'Tide vase, Tall, 31 cm' });
    await page.getByText(/5 of them left/).waitFor();
    await page.getByRole('button', { name: 'One more' }).click();
    await page.getByRole('button', { name: 'Order 2 ahead for £104.00' }).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    const { body } = mock.requests.find((request) => request.path === '/v1/holds');
    assert.deepEqual(body.lines.map(({ sku, units }) => [sku, units]), [['VASE-L', 2]]);
    await page.getByLabel(/E-mail/).fill('ines@example.com');
    await page.getByRole('button', { name: 'Order it, pay £104.00 at pick-up' }).click();
    await page.getByText('Order 2231:').waitFor();
  }));

test('what is taken meanwhile is said where it was asked', () =>
  visit({ scenario: 'ahead' }, async (page, mock) => {
    await page.getByText('Some are kept for orders ahead').waitFor();
    mock.meanwhile.set('/v1/holds', () => mock.shop.find('winter-glass').lines.forEach((entry) => (entry.ahead = 0)));
    await page.getByRole('button', { name: /^Order ahead/ }).click();
    await page.getByRole('alert').getByText('What may be ordered ahead is taken').waitFor();
  }));

test('a pass opens the drop early; a wrong one is said at its field', () =>
  visit({ scenario: 'soon', pass: 'PASS-7' }, async (page, mock) => {
    await page.getByRole('button', { name: 'I have a pass' }).click();
    await page.getByRole('button', { name: 'Reserve early for £32.00' }).click();
    await page.getByText('Type the code as it stands on the pass').waitFor();
    await page.getByLabel('Code of your pass').fill('PASS-1');
    await page.getByRole('button', { name: 'Reserve early for £32.00' }).click();
    await page.getByText('This pass is not valid here, or not now').first().waitFor();
    await page.getByLabel('Code of your pass').and(page.locator('[aria-invalid=true]')).waitFor();
    await page.getByLabel('Code of your pass').fill(' PASS-7 ');
    await page.getByRole('button', { name: 'Reserve early for £32.00' }).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    assert.equal(mock.requests.filter((request) => request.path === '/v1/holds').at(-1).body.pass, 'PASS-7');
  }));

test('what has not arrived is ordered ahead with its promise', () =>
  visit({ scenario: 'promised' }, async (page, mock) => {
    await page.getByText(/The shop promises it by Mon 14 Dec/).waitFor();
    await page.getByRole('button', { name: 'Add one Tide vase, Small, 18 cm' }).click();
    await page.getByRole('button', { name: 'Order ahead for at most £72.00' }).click();
    await page.getByText('Ordered ahead:').waitFor();
    const { body } = mock.requests.find((request) => request.path.endsWith('/waiting'));
    assert.deepEqual([body.preorder, body.lines], [true, [{ sku: 'VASE-S', units: 2 }]]);
  }));

test('an announced fall of the price stands there whole, before the opening and after it', () =>
  visit({ scenario: 'ahead' }, async (page, mock) => {
    const steps = page.getByRole('list', { name: 'Tide vase, Tall, 31 cm' });
    await steps.getByText('£56.00').waitFor();
    await says(steps, /£56\.00[\s\S]*£52\.00[\s\S]*£48\.00/);
    await live(page);
    const drop = mock.shop.find('winter-glass');
    drop.status = 'open';
    mock.shop.say('status', { drop: drop.id, status: 'open' });
    await reserve(page).waitFor();
    await says(steps, /£56\.00[\s\S]*£52\.00[\s\S]*£48\.00/);
  }));

test('one look at an open drop is told once; none where the browser asks not to be followed', async () => {
  const told = (mock, times) => until(() => asks(mock, '/looks'), (looks) => looks.length >= times, 'no look was told');
  await visit({}, async (page, mock) => {
    await told(mock, 1);
    for (const y of [10_000, 0]) {
      await page.evaluate((where) => scrollTo(0, where), y);
      await at_rest(page);
    }
    assert.deepEqual(asks(mock, '/looks').map((request) => request.path), ['/v1/drops/drop_winterglass/looks']);
    await page.reload();
    const [before, after] = await told(mock, 2);
    assert.equal(after.body.session, before.body.session, 'the shop counts a session once: it is the same');
  });
  const mock = await start_mock({});
  const { page, close } = await browser.page('about:blank');
  try {
    await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true }));
    await page.goto(mock.url);
    await reserve(page).waitFor();
    await live(page);
    await at_rest(page);
    assert.equal(asks(mock, '/looks').length, 0);
  } finally {
    await close();
    await mock.stop();
  }
});

test('where something is sold out: wait in line, be told when it is your turn, take it', () =>
  visit({}, async (page, mock) => {
    await page.getByText('Quay carafe is sold out').waitFor();
    await page.getByRole('button', { name: 'Wait for it' }).click();
    await page.getByText('You are next').waitFor();
    const sent = mock.requests.find((request) => request.path.endsWith('/waiting'));
    assert.deepEqual(sent.body.lines, [{ sku: 'CARAFE', units: 1 }]);
    assert.match(sent.body.session, /^[0-9a-f]{32}$/);
    await page.reload();
    await page.getByText('You are next').waitFor();
    const [wish] = mock.shop.waits.values();
    mock.shop.offer(wish);
    await page.getByText('One came back, and it is your turn').waitFor();
    await page.getByText(/Quay carafe, £46\.00: kept for you until/).waitFor();
    await page.getByRole('button', { name: 'Take it' }).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    assert.equal(mock.shop.holds.size, 1, 'the hold that was offered, no other');
    await page.reload();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    await page.getByText('You are next').waitFor({ state: 'detached' });
  }));

test('several lines sold out: choose which to wait for, and stop waiting', () =>
  visit({ scenario: 'sold_out' }, async (page, mock) => {
    const join = page.getByRole('button', { name: 'Join the line' });
    assert.ok(await join.isDisabled(), 'nothing is wished for yet');
    await page.getByRole('button', { name: 'Add one Tide vase, Tall, 31 cm' }).click();
    await page.getByRole('button', { name: 'Add one Tide vase, Tall, 31 cm' }).click();
    await page.getByRole('button', { name: 'Add one Tide vase, Tall, 31 cm', disabled: true }).waitFor(); // the limit
    await page.getByRole('button', { name: 'Add one Quay carafe' }).click();
    await join.click();
    await page.getByText('You are next').waitFor();
    await page.getByText('2 × Tide vase, Tall, 31 cm, Quay carafe').waitFor();
    assert.equal(mock.shop.waits.values().next().value.lines[0].sku, 'VASE-L');
    assert.equal(asks(mock, '/waiting')[0].body.person, undefined, 'who gives no address is not asked for one');
    await page.getByRole('button', { name: 'Stop waiting' }).click();
    await page.getByRole('button', { name: 'Join the line' }).waitFor();
    assert.equal(mock.shop.waits.values().next().value.status, 'left');
  }));

test('who waits may say where the shop can write; what is no address is said before anything is asked', () =>
  visit({}, async (page, mock) => {
    const field = page.getByLabel(/E-mail, if the shop may write/);
    await field.fill('ines@');
    await page.getByRole('button', { name: 'Wait for it' }).click();
    await page.getByText('An address such as name@example.com is needed.').waitFor();
    assert.equal(asks(mock, '/waiting').length, 0);
    await field.fill(' ines@example.com ');
    await page.getByRole('button', { name: 'Wait for it' }).click();
    await page.getByText('You are next').waitFor();
    assert.deepEqual(asks(mock, '/waiting')[0].body.person, { email: 'ines@example.com' });
  }));

test('a place in line whose answer was lost is asked for again with the same key', () =>
  visit({}, async (page, mock) => {
    const path = '/v1/drops/drop_winterglass/waiting';
    mock.lost.add(path);
    await page.getByRole('button', { name: 'Wait for it' }).click();
    await page.waitForFunction(() => localStorage.getItem('dropsmith.intent.wait') !== null);
    await until(() => asks(mock, path).length, (times) => times > 0, 'it was not asked for');
    mock.lost.delete(path);
    await page.getByText('You are next').waitFor();
    assert.equal(mock.shop.waits.size, 1, 'one wish, however often it was asked for');
    const keys = mock.requests.filter((request) => request.path === path).map((request) => request.key);
    assert.equal(new Set(keys).size, 1);
  }));

test('one session looks and buys, also after a reload, and another browser has another', async () => {
  const words = [];
  for (let browser_n = 0; browser_n < 2; ++browser_n)
    await visit({}, async (page, mock) => {
      await page.getByRole('heading', { name: 'Winter Glass' }).waitFor();
      await page.reload();
      await reserve(page).click();
      await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
      const looks = mock.requests.filter((request) => request.path === '/v1/drops').map((request) => request.session);
      const held = mock.requests.find((request) => request.path === '/v1/holds');
      assert.ok(looks.length >= 2);
      assert.match(looks[0], /^[0-9a-f]{32}$/);
      assert.deepEqual([...new Set([...looks, held.body.session])], [looks[0]]);
      words.push(looks[0]);
    });
  assert.notEqual(words[0], words[1]);
});

test('a price that some sessions are asked otherwise is not shown before the shop has said what ours is', () =>
  visit({}, async (page, mock) => {
    await line(page, 'Small').getByText('£36.00').waitFor();
    await live(page);
    const looks = () => mock.requests.filter((request) => request.path === '/v1/drops').length;
    const before = looks();
    const drop = mock.shop.find('winter-glass');
    mock.shop.say('price', { drop: drop.id, sku: 'VASE-S', price: { amount: 3900, currency: 'GBP' }, cohort: true });
    await until(looks, (times) => times > before, 'the shop was not asked what ours is');
    assert.match(await line(page, 'Small').innerText(), /£36\.00/);
  }));

test('a lost answer is asked for again with the same key, also after a reload: one hold', () =>
  visit({}, async (page, mock) => {
    await live(page);
    mock.lost.add('/v1/holds');
    await reserve(page).click();
    await page.getByText('No answer yet, asking again').waitFor();
    await page.reload();
    await page.getByText('No answer yet, asking again').waitFor();
    mock.lost.clear();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    const keys = mock.requests.filter((request) => request.path === '/v1/holds').map((request) => request.key);
    assert.ok(keys.length >= 3, `${keys.length} asks`);
    assert.equal(new Set(keys).size, 1);
    assert.equal(mock.shop.holds.size, 1);
  }));

test('a lost answer to the order is asked for again after a reload: one order', () =>
  visit({}, async (page, mock) => {
    await reserve(page).click();
    await page.getByLabel(/E-mail/).fill('ines@example.com');
    const hold = [...mock.shop.holds.values()][0];
    mock.lost.add(`/v1/holds/${hold.id}/confirm`);
    await page.getByRole('button', { name: /^Order it/ }).click();
    await page.getByText('No answer yet, asking again').waitFor();
    await page.reload();
    await page.getByText('No answer yet, asking again').waitFor();
    mock.lost.clear();
    await page.getByText('Order 2231:').waitFor();
    assert.equal(mock.shop.orders.size, 1);
  }));

test('a shop that cannot be reached is said so, and found again by itself', () =>
  visit({}, async (page, mock) => {
    await live(page);
    await mock.stop();
    await page.getByText('No line to the shop').waitFor();
    await page.getByText('offline', { exact: true }).waitFor();
    await mock.start_again();
    await live(page);
    await page.getByText('No line to the shop').waitFor({ state: 'hidden' });
  }));

test('a hold outlives a reload, and can be let go', () =>
  visit({}, async (page, mock) => {
    await reserve(page).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    await page.getByRole('button', { name: 'Let it go' }).click();
    await reserve(page).waitFor();
    assert.equal([...mock.shop.holds.values()][0].status, 'released');
  }));

test('a hold that runs out goes back on sale', () =>
  visit({}, async (page, mock) => {
    await reserve(page).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    await live(page);
    mock.shop.origin += 601_000; // ten minutes and a second go by in the shop
    await reserve(page).waitFor();
    await line(page, 'Small').getByText(/47\sleft/).waitFor();
  }));

for (const [code, change, words] of [
  ['sold_out', (entry) => (entry.sold = entry.cap - entry.held), 'Sold out. Nothing was charged'],
  ['price_changed', (entry) => (entry.price = { amount: 3700, currency: 'GBP' }), 'The price has moved since you looked'],
  ['drop_paused', (entry, drop) => (drop.status = 'paused'), 'paused this drop for a moment'],
  ['drop_not_open', (entry, drop) => (drop.status = 'closed'), 'This drop is not open'],
]) {
  test(`a refusal (${code}) is said in plain words, and the next wish has a new key`, () =>
    visit({}, async (page, mock) => {
      const drop = mock.shop.find('winter-glass');
      mock.meanwhile.set('/v1/holds', () => change(mock.shop.line(drop, 'VASE-S'), drop));
      await reserve(page).click();
      await page.getByRole('alert').getByText(words).waitFor();
      assert.equal(mock.shop.holds.size, 0);
      assert.equal(await page.evaluate(() => localStorage.getItem('dropsmith.intent.hold')), null);
    }));
}

test('sold out, paused, nothing open, nothing at all: each says what comes next', async () => {
  await visit({ scenario: 'sold_out' }, async (page) => {
    assert.ok(await page.getByRole('button', { name: 'Sold out' }).isDisabled());
    await page.getByText('If a hold runs out, its unit goes to those who wait').waitFor();
  });
  await visit({ scenario: 'paused' }, async (page) => {
    assert.ok(await page.getByRole('button', { name: 'Paused' }).isDisabled());
  });
  await visit({ scenario: 'soon' }, async (page) => {
    await page.getByRole('heading', { name: 'Nothing is open just now' }).waitFor();
    await page.getByText('opens in').waitFor();
  });
  await visit({ scenario: 'empty' }, async (page) => {
    await page.getByRole('heading', { name: 'No drop yet' }).waitFor();
    await page.getByText('dropsmith plan --skus').waitFor();
  });
});

test('a scheduled drop that opens shows itself', () =>
  visit({ scenario: 'soon' }, async (page, mock) => {
    await live(page);
    const drop = mock.shop.find('winter-glass');
    drop.status = 'open';
    mock.shop.say('status', { drop: drop.id, status: 'open' });
    await reserve(page).waitFor();
  }));

test('everything can be reached and done with the keyboard alone', () =>
  visit({}, async (page, mock) => {
    await reserve(page).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), 'Skip to the content');
    for (let n = 0; n < 12; n += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement.type === 'radio')) break;
    }
    await page.keyboard.press('ArrowDown');
    await page.getByRole('button', { name: 'Reserve for £52.00' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    assert.equal([...mock.shop.holds.values()][0].lines[0].sku, 'VASE-L');
  }));
