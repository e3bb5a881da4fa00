// How the pages look, as far as a program can judge: nothing wider than the screen, every text at least 4.5:1 (3:1 when
// large) in both schemes, nothing cut off, every control with a name, a ring when it has the focus, and large enough for
// a thumb; the script small, nothing inline. With DROPSMITH_PICTURES=folder each state is kept as a picture, too.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { open_browser, side_by_side } from './browser.mjs';
import { SETUP_TOKEN, STAFF_TOKEN, start_mock } from './mock_api.mjs';

const test = side_by_side('how the pages look');
const browser = await open_browser();
after(() => browser.close());

const reserve = (page) => page.getByRole('button', { name: /^Reserve/ });
async function ask(page, button) {
  await reserve(page).click();
  await page.getByLabel(/E-mail/).fill('ines@example.com');
  await page.getByRole('button', { name: button }).click();
}
const asked_to_pay = (status) => async (page, mock) => {
  await ask(page, 'Pay £36.00');
  await page.waitForURL(/payment-page/);
  const [hold] = mock.shop.holds.values();
  Object.assign(hold.checkout, status);
  await page.getByText(status.words).waitFor();
};
const wait_in_line = async (page, mock) => {
  await page.getByRole('button', { name: 'Wait for it' }).click();
  await page.getByText('You are next').waitFor();
  return [...mock.shop.waits.values()][0];
};
const ordered = (standing, words) => async (page, mock) => {
  await ask(page, /^Order it/);
  await page.getByText('Order 2231:').waitFor();
  Object.assign([...mock.shop.orders.values()][0], standing);
  await page.evaluate(() => (location.hash = '#/orders'));
  await page.reload();
  await page.getByText(words).first().waitFor();
};
const in_room = (place, words) => async (page, mock) => {
  await page.getByLabel(/Enter the waiting room/).fill('ines@example.com');
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.getByText('You are in').waitFor();
  Object.assign([...mock.shop.entrants.values()][0], place);
  await page.getByText(words).waitFor();
};
const WAYS = [
  { code: 'pickup', title: 'Pick it up', method: 'pickup', charge: { amount: 0, currency: 'GBP' } },
  { code: 'post', title: 'By post, 2 days', method: 'ship', charge: { amount: 450, currency: 'GBP' } },
];
const CARDS = { methods: ['stripe', 'pay_at_pickup'] };
const back = (amount) => ({ amount, currency: 'GBP' });

// Name, options of the mock shop, path, how to get there.
const STATES = [
  ['shop', { simulated: true, speed: 60 }, '/', (page) => reserve(page).waitFor()],
  ['long names', { scenario: 'long' }, '/', (page) => reserve(page).waitFor()],
  ['yen', { currency: 'JPY' }, '/', (page) => reserve(page).waitFor()],
  ['dinar', { currency: 'BHD' }, '/', (page) => reserve(page).waitFor()],
  ['sold out', { scenario: 'sold_out' }, '/', (page) => page.getByText('Join the line').waitFor()],
  ['sold out, long names', { scenario: 'long_sold_out' }, '/', (page) =>
    page.getByRole('button', { name: 'Wait for it' }).click().then(() => page.getByText('You are next').waitFor())],
  ['paused', { scenario: 'paused' }, '/', (page) => page.getByText('Paused by the shop').waitFor()],
  ['soon', { scenario: 'soon' }, '/', (page) => page.getByText('Tell me when it opens').waitFor()],
  ['soon, wrong address', { scenario: 'soon' }, '/', (page) => page.getByRole('button', { name: 'Tell me' }).click()],
  ['closed drop', {}, '/#/d/first-light', (page) => page.getByText('First Light closed').waitFor()],
  ['held', {}, '/', async (page) => {
    await reserve(page).click();
    await page.getByText('It is held for you').waitFor();
  }],
  ['held, wrong address', { methods: ['stripe', 'bank_transfer', 'pay_at_pickup'] }, '/', async (page) => {
    await reserve(page).click();
    await page.getByRole('button', { name: /^Pay/ }).click();
    await page.getByText('An address such as').waitFor();
  }],
  ['held, long names', { scenario: 'long' }, '/', async (page) => {
    await reserve(page).click();
    await page.getByText('It is held for you').waitFor();
  }],
  ['brought', { delivery: WAYS, methods: ['bank_transfer', 'pay_at_pickup'] }, '/', async (page) => {
    await reserve(page).click();
    await page.getByRole('radio', { name: /By post/ }).check({ force: true });
    await page.getByLabel('What it comes to').getByText('£40.50').waitFor();
    await page.getByRole('button', { name: /^Order it/ }).click();
    await page.getByText('The town is needed').waitFor();
  }],
  ['ahead', { scenario: 'ahead' }, '/', (page) => page.getByText('Some are kept for orders ahead').waitFor()],
  ['promised', { scenario: 'promised' }, '/', (page) => page.getByText(/The shop promises it by/).waitFor()],
  ['pass', { scenario: 'soon' }, '/', async (page) => {
    await page.getByRole('button', { name: 'I have a pass' }).click();
    await page.getByRole('button', { name: /^Reserve early/ }).click();
    await page.getByText('Type the code').waitFor();
  }],
  ['governors', {}, `/#token=${STAFF_TOKEN}`, async (page, mock) => {
    await page.getByText('live', { exact: true }).waitFor();
    const drop = mock.shop.find('winter-glass');
    const until = new Date(mock.shop.now() + 3_600_000).toISOString();
    drop.lines[0].halted_by = 'cascade';
    const detail = '5 moves in a row outdid every other line, downwards';
    drop.halts = [{ at: until, by: 'cascade', sku: null, channel: null, detail, resumed_at: null, why: '' }];
    Object.assign(drop.lines[1], { before: back(5200), until, price: back(5600) });
    mock.shop.ask_second(drop, { sku: 'VASE-S', channel: 'web', price: back(4000), until, reason: 'press day' });
    mock.shop.say('decision', { drop: drop.id, sku: 'VASE-S' }, true);
    mock.shop.say('price', { drop: drop.id, sku: 'VASE-S', channel: 'web' });
    await page.getByText('until somebody looks').waitFor();
    await page.getByText(/expected to cost/).waitFor();
  }],
  ['kill switch on', { four_eyes: true }, `/#token=${STAFF_TOKEN}`, async (page, mock) => {
    await page.getByText('live', { exact: true }).waitFor();
    const drop = mock.shop.find('winter-glass');
    mock.shop.act(drop, 'kill-prices', { reason: 'a feed sent prices in pence' });
    mock.shop.undo_kill(drop, { reason: 'the feed is right again' });
    mock.shop.say('decision', { drop: drop.id }, true);
    await page.getByText('Agree to undo').waitFor();
  }],
  ['undo the kill switch?', { four_eyes: true }, `/#token=${STAFF_TOKEN}`, async (page, mock) => {
    await page.getByText('live', { exact: true }).waitFor();
    mock.shop.act(mock.shop.find('winter-glass'), 'kill-prices', { reason: 'a feed sent prices in pence' });
    await page.getByRole('button', { name: 'Undo the kill switch' }).click();
    await page.getByText('Nothing moves yet').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo the kill switch' }).click();
    await page.getByText('Say why, for the journal').waitFor();
  }],
  ['waiting room', { scenario: 'bell' }, '/', async (page) => {
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByText('An address such as').waitFor();
  }],
  ['in the waiting room', { scenario: 'bell' }, '/', in_room({ status: 'entered' }, 'You are in')],
  ['place in the waiting room', { scenario: 'bell' }, '/', in_room(
    { status: 'waiting', position: 1241, wait_seconds: { from: 100, to: 200 }, sold_out: true }, 'Your place: 1,241')],
  ['turn in the waiting room', { scenario: 'bell' }, '/', in_room(
    { status: 'admitted', admission: 'a', admission_expires_at: '2026-12-04T18:57:39Z' }, 'It is your turn')],
  ['in line', {}, '/', wait_in_line],
  ['one’s turn', {}, '/', async (page, mock) => {
    mock.shop.offer(await wait_in_line(page, mock));
    await page.getByText('it is your turn').waitFor();
  }],
  ['turn missed', {}, '/', async (page, mock) => {
    Object.assign(await wait_in_line(page, mock), { status: 'lapsed' });
    await page.getByText('the time ran out').waitFor();
  }],
  ['payment page opening', CARDS, '/', asked_to_pay({ status: 'asked', url: null, words: 'Opening the payment page' })],
  ['not paid yet', CARDS, '/', asked_to_pay({ words: 'Not paid yet' })],
  ['payment closing', CARDS, '/', asked_to_pay({ closing: true, words: 'being closed' })],
  ['payment authorised', CARDS, '/', asked_to_pay({ status: 'authorised', words: 'Your order stands' })],
  ['payment too late', CARDS, '/', asked_to_pay({ status: 'refused', words: 'It came too late' })],
  ['hold over before payment', CARDS, '/', asked_to_pay({ status: 'over', words: 'ran out before it was paid' })],
  ['payment page failed', CARDS, '/', asked_to_pay({ status: 'failed', words: 'could not be opened' })],
  ['order', {}, '/', (page) => ask(page, /^Order it/).then(() => page.getByText('Order 2231:').waitFor())],
  ['order by transfer', { methods: ['bank_transfer'] }, '/', (page) =>
    ask(page, /by transfer$/).then(() => page.getByText('RF59 0000 1001').waitFor())],
  ['order paid', {}, '/', ordered({ status: 'paid' }, 'The shop gets it ready')],
  ['order ready', {}, '/', ordered({ status: 'ready' }, 'Ready to pick up')],
  ['order on its way', {}, '/', ordered({ status: 'shipped' }, 'On its way')],
  ['order refunded', {}, '/', ordered({ status: 'paid', refund_state: 'fully', refunded: back(3600) }, 'Refunded')],
  ['order called off', {}, '/', ordered({ status: 'cancelled' }, 'Called off')],
  ['order, long names', { scenario: 'long' }, '/', ordered({ status: 'paid' }, 'The shop gets it ready')],
  ['call it off?', {}, '/', async (page, mock) => {
    await ordered({ status: 'paid' }, 'The shop gets it ready')(page, mock);
    await page.getByRole('button', { name: 'Call it off' }).click();
    await page.getByText('Keep the order').waitFor();
  }],
  ['no orders', {}, '/#/orders', (page) => page.getByText('No order in this browser').waitFor()],
  ['tell me?', { scenario: 'soon' }, '/', async (page, mock) => {
    mock.shop.subscribe(mock.shop.find('winter-glass'));
    await page.goto(`${mock.url}/#/told/sub_1/secret`);
    await page.getByText('Yes, tell me').waitFor();
  }],
  ['refused', {}, '/', async (page, mock) => {
    mock.meanwhile.set('/v1/holds', () => (mock.shop.find('winter-glass').lines[0].price = back(3700)));
    await reserve(page).click();
    await page.getByText('The price has moved').waitFor();
  }],
  ['server gone', {}, '/', async (page, mock) => {
    await page.getByText('live', { exact: true }).waitFor();
    await mock.stop();
    await page.getByText('No line to the shop').waitFor();
  }],
  ['empty', { scenario: 'empty' }, '/', (page) => page.getByText('No drop yet').waitFor()],
  ['killed', { simulated: true, speed: 60, kill_ms: 400 }, '/', async (page) => {
    await page.getByRole('button', { name: 'Kill the server' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Kill the server' }).click();
    await page.getByText('Nothing lost').waitFor();
  }],
  ['sign in', {}, '/#/sell', (page) => page.getByText('Your token').waitFor()],
  ['sign in refused', {}, '/#token=wrong', (page) => page.getByText('does not accept this token').waitFor()],
  ['first start', {}, `/#setup=${SETUP_TOKEN}`, (page) => page.getByText('Become the owner').waitFor()],
  ['owner', {}, `/#setup=${SETUP_TOKEN}`, async (page) => {
    await page.getByText('Become the owner').click();
    await page.getByText('The shop is yours').waitFor();
  }],
  ['sell', {}, `/#token=${STAFF_TOKEN}`, (page) => page.getByText('Chance of this band').first().waitFor()],
  ['sell, long names', { scenario: 'long' }, `/#token=${STAFF_TOKEN}`, (page) =>
    page.getByText('Chance of this band').first().waitFor()],
  ['sell, dinar', { currency: 'BHD' }, `/#token=${STAFF_TOKEN}`, (page) =>
    page.getByText('Chance of this band').first().waitFor()],
  ['sell, scheduled', { scenario: 'soon' }, `/#token=${STAFF_TOKEN}`, (page) => page.getByText('until it opens').waitFor()],
  ['sell, empty', { scenario: 'empty' }, `/#token=${STAFF_TOKEN}`, (page) => page.getByText('No drop to watch').waitFor()],
  ['all decisions', {}, `/#token=${STAFF_TOKEN}`, (page) => page.getByRole('button', { name: /Show all/ }).click()],
  ['override', {}, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('button', { name: 'Override price' }).click();
    await page.getByLabel(/Price in GBP/).fill('12');
    await page.getByRole('dialog').getByRole('button', { name: /^Override/ }).click();
    await page.getByText('A reason is needed').waitFor();
  }],
  ['override, tried', { four_eyes: true }, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('button', { name: 'Override price' }).click();
    await page.getByLabel(/Price in GBP/).fill('34');
    await page.getByText('It will wait for a second person').waitFor();
  }],
  ['decide', {}, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('link', { name: 'Decide' }).click();
    await page.getByText('What has each band sold?').waitFor();
    await page.getByLabel(/Price in GBP/).fill('34');
    await page.getByText('This costs about').waitFor();
  }],
  ['decide, long names', { scenario: 'long' }, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('link', { name: 'Decide' }).click();
    await page.getByText('What has each band sold?').waitFor();
  }],
  ['decide, elasticities', { drawn: true }, `/#token=${STAFF_TOKEN}`, async (page, mock) => {
    mock.shop.find('winter-glass').tests = [{
      sku: 'VASE-S', channel: 'web', since: mock.shop.iso(mock.shop.origin), neighbours: 2, fall: 0.25, borne: 0.2, stops: true,
      before: { units: 40, hours: 20 }, during: { units: 9, hours: 6 },
    }];
    await page.getByRole('link', { name: 'Decide' }).click();
    await page.getByText('2 lines can be told').waitFor();
  }],
  ['audit', {}, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('button', { name: 'Add a brand' }).click();
    await page.getByRole('button', { name: 'Run the audit' }).last().click();
    await page.getByRole('button', { name: 'Run the audit' }).first().click();
    await page.getByText('All 214 decisions').waitFor();
    await page.getByText('No group paid otherwise').waitFor();
  }],
  ['audit, differs', { differs: true }, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('button', { name: 'Run the audit' }).last().click();
    await page.getByRole('button', { name: 'Run the audit' }).first().click();
    await page.getByText('1 group paid otherwise').waitFor();
    await page.getByText('1 of 214 decisions').waitFor();
  }],
  ['sign off?', {}, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('button', { name: 'Run the audit' }).first().click();
    await page.getByRole('button', { name: 'Sign it off' }).click();
  }],
  ['replay', {}, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('link', { name: 'Measure' }).click();
    await page.getByRole('button', { name: 'Replay the drop' }).click();
    await page.getByText('With the list price all along').waitFor();
  }],
  ['decide, killed', {}, `/#token=${STAFF_TOKEN}`, async (page, mock) => {
    await page.getByRole('link', { name: 'Decide' }).click();
    await page.getByText('What has each band sold?').waitFor();
    mock.shop.act(mock.shop.find('winter-glass'), 'kill-prices', { reason: 'a feed sent prices in pence' });
    await page.getByText('The kill switch is on').waitFor();
  }],
  ['decide, empty', { scenario: 'empty' }, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('link', { name: 'Decide' }).click();
    await page.getByText('No prices to decide').waitFor();
  }],
  ['kill prices?', {}, `/#token=${STAFF_TOKEN}`, (page) => page.getByRole('button', { name: 'Kill prices' }).click()],
  ['measure', {}, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('link', { name: 'Measure' }).click();
    await page.getByLabel('Key figures').waitFor();
  }],
  ['measure, empty', { scenario: 'empty' }, `/#token=${STAFF_TOKEN}`, async (page) => {
    await page.getByRole('link', { name: 'Measure' }).click();
    await page.getByText('No drop to report on').waitFor();
  }],
];
const PICTURES = process.env.DROPSMITH_PICTURES;

/** Runs in the page: what is wrong with what is visible. */
function judge(narrow) {
  const wrong = [];
  const channels = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return channels(getComputedStyle(document.documentElement).backgroundColor).slice(0, 3);
  };
  const visible = (element) => element.checkVisibility() && element.getClientRects().length > 0;
  if (document.documentElement.scrollWidth > innerWidth) wrong.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !visible(element) || element.closest('.sr, .skip, [disabled], select')) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    if (size < 12) wrong.push(`smaller than 12 px: ${walker.currentNode.textContent.trim()}`);
    const ink = channels(element.namespaceURI.endsWith('svg') ? style.fill : style.color);
    const [light, dark] = [luminance(ink), luminance(behind(element))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600);
    if (ratio < (large ? 3 : 4.5)) wrong.push(`${ratio.toFixed(2)}:1 for "${walker.currentNode.textContent.trim()}"`);
  }
  for (const box of document.querySelectorAll('main *, aside *, header *')) {
    if (!visible(box) || box.matches('.sr, .sr *, svg, svg *, input, select, option, .scroll')) continue;
    if (getComputedStyle(box).overflowX !== 'visible' && box.scrollWidth > box.clientWidth + 1) {
      wrong.push(`cut off: ${box.textContent.trim().slice(0, 60)}`);
    }
  }
  for (const control of document.querySelectorAll('button, a.btn, select, input')) {
    if (!visible(control) || control.type === 'radio') continue;
    const name = control.getAttribute('aria-label') ?? (control.textContent.trim() || control.labels?.[0]?.textContent.trim());
    if (!name) wrong.push(`without a name: ${control.outerHTML.slice(0, 80)}`);
    const touched = control.type === 'checkbox' ? (control.closest('label') ?? control) : control;
    const { height } = touched.getBoundingClientRect();
    if (narrow && height < 44 && !control.closest('td, p')) wrong.push(`${height} px high for a thumb: ${name}`);
  }
  for (const image of document.querySelectorAll('svg')) {
    if (image.getAttribute('aria-hidden') !== 'true' && !image.getAttribute('aria-label')) wrong.push('an svg without words');
  }
  return wrong;
}

// The main states, and with pictures all, on a phone and on a desk in both schemes; the others on a phone in one.
const MAIN = ['shop', 'held', 'empty', 'sign in', 'sell', 'sell, long names', 'decide', 'measure'];
for (const [index, [name, options, path, arrive]] of STATES.entries()) {
  for (const [width, height] of [[390, 844], [1280, 900]]) {
    for (const dark of [false, true]) {
      const main = PICTURES || MAIN.includes(name);
      if (!main && (width > 700 || dark !== (index % 2 === 1))) continue;
      test(`${name}, ${width} px, ${dark ? 'dark' : 'light'}`, async () => {
        const mock = await start_mock(options);
        const { page, troubles, close } = await browser.page(mock.url + path, { width, height, dark });
        try {
          await arrive(page, mock);
          if (PICTURES) {
            const path = `${PICTURES}/${name.replaceAll(/[^a-z]+/g, '-')}-${width}-${dark ? 'dark' : 'light'}.png`;
            await page.screenshot({ path, fullPage: true });
          }
          assert.deepEqual(await page.evaluate(judge, width < 700), []);
          assert.deepEqual(troubles, []);
        } finally {
          await close();
          await mock.stop();
        }
      });
    }
  }
}

for (const [name, path] of [['shop', '/'], ['staff', `/#token=${STAFF_TOKEN}`]]) {
  test(`${name}: whatever has the focus shows it`, async () => {
    const mock = await start_mock({ simulated: true, speed: 60 });
    const { page, close } = await browser.page(mock.url + path, { width: 1280 });
    try {
      await page.getByText(/^Reserve for|Chance of this band/).first().waitFor();
      const seen = new Set();
      for (let n = 0; n < 60; n += 1) {
        await page.keyboard.press('Tab');
        const { words, ring } = await page.evaluate(() => {
          const at = document.activeElement;
          const ringed = (element) => {
            const style = element && getComputedStyle(element);
            return Boolean(style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2);
          };
          return { words: at.outerHTML.slice(0, 90), ring: at === document.body || ringed(at) || ringed(at.closest('label')) };
        });
        assert.ok(ring, words);
        seen.add(words);
      }
      assert.ok(seen.size > 6, 'the focus goes from one to the next');
    } finally {
      await close();
      await mock.stop();
    }
  });
}

test('the judge sees what is wrong: a pale text, a small control, a wide box, a cut text', async () => {
  const mock = await start_mock({ scenario: 'empty' });
  const { page, close } = await browser.page(mock.url, { width: 390, height: 844 });
  try {
    await page.getByText('No drop yet').waitFor();
    await page.evaluate(() => {
      const pale = document.createElement('b');
      pale.textContent = 'pale';
      pale.style.color = '#bbb';
      const small = document.createElement('button');
      small.textContent = 'small';
      small.style.height = '20px';
      const wide = document.createElement('div');
      wide.style.cssText = 'width: 700px; height: 1px';
      const cut = document.createElement('p');
      cut.textContent = 'hidden behind the edge';
      cut.style.cssText = 'width: 40px; overflow: hidden; white-space: nowrap';
      document.body.append(pale, small, wide);
      document.querySelector('main').append(cut);
    });
    const wrong = await page.evaluate(judge, true);
    for (const words of ['for "pale"', 'for a thumb: small', 'wider than the screen', 'cut off: hidden']) {
      assert.ok(wrong.some((entry) => entry.includes(words)), words);
    }
  } finally {
    await close();
    await mock.stop();
  }
});

test('the scripts stay under 120 kB gzipped, and nothing asks for another host', () => {
  const assets = new URL('../../web/dist/assets/', import.meta.url);
  const names = readdirSync(assets);
  const size = names.filter((name) => name.endsWith('.js')).reduce(
    (sum, name) => sum + gzipSync(readFileSync(new URL(name, assets))).length, 0);
  assert.ok(size > 0 && size < 120_000, `${size} bytes`);
  assert.ok(names.every((name) => /-[\w-]{8}\.\w+$/.test(name)), names.join());
});
