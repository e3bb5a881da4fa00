// Staff: sign in, the live drop with its decisions, override, pause, close, kill switch, report; and where the token is.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { open_browser, says, side_by_side, until } from './browser.mjs';
import { SETUP_TOKEN, STAFF_TOKEN, start_mock } from './mock_api.mjs';

const test = side_by_side('the pages of staff');
const browser = await open_browser();
after(() => browser.close());

async function staff(act, { path = `/#token=${STAFF_TOKEN}`, ...options } = {}) {
  const mock = await start_mock(options);
  const { page, troubles, close } = await browser.page(mock.url + path);
  try {
    await act(page, mock);
    assert.deepEqual(troubles, []);
  } finally {
    await close();
    await mock.stop();
  }
}
const stored = (page) =>
  page.evaluate(() => ({ session: { ...sessionStorage }, local: { ...localStorage }, url: location.href }));

test('a token in the link goes to the session and out of the address; log out forgets it', () =>
  staff(async (page) => {
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    const kept = await stored(page);
    assert.equal(kept.session['dropsmith.staff'], STAFF_TOKEN);
    assert.ok(!kept.url.includes(STAFF_TOKEN));
    assert.ok(!JSON.stringify(kept.local).includes(STAFF_TOKEN));
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('link', { name: 'Staff' }).waitFor();
    assert.deepEqual((await stored(page)).session, {});
  }));

test('the one-time link makes the owner', () =>
  staff(
    async (page) => {
      await page.getByRole('button', { name: 'Become the owner' }).click();
      assert.equal(await page.getByLabel("Owner's token").inputValue(), STAFF_TOKEN);
      assert.deepEqual((await stored(page)).session, {});
      await page.getByRole('button', { name: 'I have kept it, go on' }).click();
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      assert.equal((await stored(page)).session['dropsmith.staff'], STAFF_TOKEN);
    },
    { path: `/#setup=${SETUP_TOKEN}` },
  ));

test('a pasted token is tried first; a wrong one is refused in words', () =>
  staff(
    async (page) => {
      await page.getByLabel('Your token').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').getByText('does not know who asks').waitFor();
      assert.deepEqual((await stored(page)).session, {});
      await page.getByLabel('Your token').fill(STAFF_TOKEN);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Pause' }).waitFor();
    },
    { path: '/#/sell' },
  ));

test('shows sold of cap, held, revenue, refusals, and each line with its price and reason', () =>
  staff(async (page) => {
    const figures = page.getByLabel('The drop so far');
    await figures.getByText('£9,').waitFor();
    await says(figures, /256[\s\S]*of 348, 74\s%[\s\S]*8 units[\s\S]*43 asks/);
    const panel = page.locator('section', { hasText: 'What do we ask for Tide vase, Small' });
    await says(panel, /£36\.00 since[\s\S]*sold 9 in 60 looks at £30\.00[\s\S]*3 in 33 at £36\.00[\s\S]*Chance of this band 87\s%/);
    await panel.getByRole('img', { name: /4 steps, now £36.00, floor £24.44/ }).waitFor();
    await page.getByRole('button', { name: /Show all/ }).click();
    await page.locator('td.wide', { hasText: 'bound: largest step (wanted £36.00)' }).waitFor();
  }));

test('a decision shows as it happens, in the table and in the feed', () =>
  staff(async (page, mock) => {
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByText(/\d+ so far, newest first/).waitFor();
    mock.set_price('winter-glass', 'VASE-L', 5600);
    await page.locator('li', { hasText: 'VASE-L £56.00' }).waitFor();
    await page.locator('tr', { hasText: 'from £52.00' }).getByText('step 3').waitFor();
    mock.shop.place_hold({ drop: 'winter-glass', lines: [{ sku: 'VASE-S', units: 2 }] });
    await page.locator('li', { hasText: '2 × VASE-S' }).waitFor();
  }));

test('an override needs an amount and a reason, and the gate of the shop judges it', () =>
  staff(async (page, mock) => {
    await page.getByRole('button', { name: 'Override price' }).click();
    const dialog = page.getByRole('dialog', { name: 'Override a price' });
    await dialog.getByRole('button', { name: /^Override/ }).click();
    await dialog.getByText('Type an amount').waitFor();
    await dialog.getByText('A reason is needed').waitFor();
    await dialog.getByLabel(/Price in GBP/).fill('12.345');
    await dialog.getByText('Type an amount').waitFor();
    await dialog.getByLabel(/Price in GBP/).fill('12');
    await dialog.getByText('Below the floor of £24.44').waitFor();
    await dialog.getByLabel('Reason').fill('press mention');
    await dialog.getByRole('button', { name: 'Override to £12.00' }).click();
    await dialog.getByRole('alert').getByText('below the floor').waitFor();
    await dialog.getByLabel(/Price in GBP/).fill('34.5');
    await dialog.getByRole('button', { name: 'Override to £34.50' }).click();
    await page.getByText('Tide vase is £34.50 until').waitFor();
    await page.locator('tr', { hasText: 'press mention' }).waitFor();
    const made = mock.requests.filter((request) => request.method === 'POST' && request.path.endsWith('/overrides'));
    const sent = made.findLast((request) => !request.body.dry_run).body;
    assert.deepEqual(sent.price, { amount: 3450, currency: 'GBP' });
    assert.ok(Date.parse(sent.until) > mock.shop.now());
  }));

const tries = (mock) => mock.requests.filter((request) => request.path.endsWith('/overrides') && request.body?.dry_run);

test('an override is tried before it is set: what it costs, what it brings, and who else must agree', () =>
  staff(
    async (page, mock) => {
      await page.getByRole('button', { name: 'Override price' }).click();
      const dialog = page.getByRole('dialog', { name: 'Override a price' });
      await dialog.getByLabel(/Price in GBP/).fill('34');
      await dialog.getByText('This costs about £2.00 of margin').waitFor();
      await dialog.getByText('About 24 more units sold, against 21 as it stands').waitFor();
      await dialog.getByText('It will wait for a second person').waitFor();
      await dialog.getByLabel(/Price in GBP/).fill('38');
      await dialog.getByText('This brings about £2.00 of margin').waitFor();
      await dialog.getByRole('button', { name: 'Leave the price' }).click();
      assert.ok(tries(mock).length >= 2 && tries(mock).every((request) => request.body.reason !== ''));
      assert.equal(mock.requests.filter((request) => request.path.endsWith('/overrides') && request.method === 'POST').length, tries(mock).length);
    },
    { four_eyes: true },
  ));

test('the room of decisions: each line with its band, cause, gate, floor, next review and what it tries out', () =>
  staff(async (page, mock) => {
    await page.getByRole('link', { name: 'Decide' }).click();
    const table = page.getByRole('table').first();
    const line = (sku) => table.locator('tr', { hasText: sku });
    await says(line('VASE-S'), /£36\.00[\s\S]*band 4 of 4, £30\.00 to £36\.00[\s\S]*Engine[\s\S]*£24\.44[\s\S]*Fri 19:17[\s\S]*75\s%[\s\S]*at most 80\s%/);
    await says(page.locator('section', { hasText: 'What do we ask now' }), /4 prices; the next review is at Fri 19:17/);
    await page.getByRole('heading', { name: 'What have we charged for Tide vase, Small, 18 cm?' }).waitFor();
    await line('VASE-L').getByRole('link', { name: 'Tide vase, Tall, 31 cm' }).click();
    await page.getByRole('heading', { name: 'What have we charged for Tide vase, Tall, 31 cm?' }).waitFor();
    assert.match(page.url(), /#\/decide\/winter-glass\/VASE-L%40web$/);
    assert.equal(await line('VASE-L').getByRole('link').getAttribute('aria-current'), 'true');
    await page.getByText('£52.00 now, list price £56.00; 2 steps in 10 decisions.').waitFor();
    const bands = page.locator('section', { has: page.getByRole('heading', { name: 'What has each band sold?' }) });
    await says(bands, /£52\.00 asked now\s+7\s+51\s+33\s%/);
    const rules = page.locator('section', { has: page.getByRole('heading', { name: 'What may the engine do here?' }) });
    await says(rules, /£12\.20 clear[\s\S]*at most 10\s%[\s\S]*bound/);
    await page.getByRole('button', { name: /Show all/ }).click();
    await page.locator('td.wide', { hasText: 'largest step (wanted £56.00)' }).waitFor();
    const form = page.getByRole('region', { name: 'Override the price' });
    await form.getByLabel(/Price in GBP/).fill('50');
    await form.getByText('This costs about £2.00').waitFor();
    await form.getByLabel('Reason').fill('press mention');
    await form.getByRole('button', { name: 'Override to £50.00' }).click();
    await page.getByText('Tide vase is £50.00 until').waitFor();
    await says(line('VASE-L'), /£50\.00[\s\S]*between bands[\s\S]*by hand until/);
    assert.equal(tries(mock).at(-1).body.sku, 'VASE-L');
    await page.getByRole('button', { name: 'Kill all prices of Winter Glass' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Kill prices of Winter Glass' }).click();
    await page.getByRole('region', { name: 'The kill switch is on' }).waitFor();
    await says(line('VASE-S'), /kill switch[\s\S]*none: kill switch/);
    assert.equal(await form.count(), 0, 'nothing to override while the switch is on');
  }));

test('what a price does to sales: how long until there is an answer, and the answer with its interval', () =>
  staff(async (page) => {
    await page.getByRole('link', { name: 'Decide' }).click();
    const panel = page.getByRole('region', { name: 'What does a change of price do to sales?' });
    await says(panel, /Too little was drawn[\s\S]*about 72 decisions[\s\S]*most so far is 12[\s\S]*about 3 d more on sale/);
    await panel.getByLabel('From which drops').selectOption('from all drops');
    await says(panel, /2 lines can be told[\s\S]*1 % dearer sells about 2\.6 % less[\s\S]*−2\.6\s*−3\.1 to −2\.1[\s\S]*no effect that is certain/);
    await says(panel, /when Tide vase, Small, 18 cm becomes dearer[\s\S]*\+0\.6[\s\S]*Nothing to tell of Lock tumblers, Pair yet/);
    await panel.getByRole('img', { name: /Small, 18 cm: −2\.6, −3\.1 to −2\.1/ }).waitFor();
  }));

async function audits(page) {
  await page.getByRole('link', { name: 'Audit' }).click();
  return {
    prices: page.getByRole('region', { name: 'Were prices decided as we say?' }),
    ethics: page.getByRole('region', { name: 'Did anybody pay more than others?' }),
    rules: page.getByRole('region', { name: 'Which rules stand over all prices?' }),
  };
}

test('a week of prices is audited and signed by the head that was looked at', () =>
  staff(async (page, mock) => {
    const { prices } = await audits(page);
    await prices.getByLabel('Which week').selectOption({ label: 'Mon 23 Nov to Sun 29 Nov' });
    await prices.getByRole('button', { name: 'Run the audit' }).click();
    await says(prices, /All 214 decisions follow[\s\S]*202[\s\S]*12[\s\S]*Head of the period: fact 41,/);
    const kept = page.waitForEvent('download');
    await prices.getByRole('button', { name: 'Keep it as a file' }).click();
    assert.equal((await kept).suggestedFilename(), 'prices-audit-2026-11-23.json');
    await prices.getByRole('button', { name: 'Sign it off' }).click();
    await page.getByRole('dialog', { name: 'Sign off Mon 23 Nov to Sun 29 Nov?' }).getByRole('button', { name: 'Sign it off' }).click();
    await page.getByText(/The week Mon 23 Nov to Sun 29 Nov is signed by its head/).waitFor();
    await says(prices, /Signed .* by you/);
    const sent = mock.requests.find((request) => request.path === '/v1/audit/prices/sign-off').body;
    assert.deepEqual(sent, {
      since: '2026-11-23T00:00:00.000Z', until: '2026-11-30T00:00:00.000Z', head_hash: mock.shop.head('2026-11-30T00:00:00.000Z'),
    });
    await prices.getByLabel('Which week').selectOption({ label: 'since Mon 30 Nov, so far' });
    await prices.getByRole('button', { name: 'Run the audit' }).click();
    await says(prices, /It can be signed when the week is over/);
    assert.equal(await prices.getByRole('button', { name: 'Sign it off' }).count(), 0);
  }));

test('what does not follow is named and signed with a note only; so is a month in which a group paid more', () =>
  staff(
    async (page, mock) => {
      const { prices, ethics } = await audits(page);
      await prices.getByRole('button', { name: 'Run the audit' }).click();
      await says(prices, /1 of 214 decisions do not follow[\s\S]*VASE-S £30\.00[\s\S]*does not follow: 3000[\s\S]*cascade, Winter Glass/);
      await ethics.getByRole('button', { name: 'Run the audit' }).click();
      await says(ethics, /1 group paid otherwise[\s\S]*stall[\s\S]*1\.1\s% more[\s\S]*too few to tell[\s\S]*Hackney[\s\S]*8\.0\s% more/);
      await ethics.getByRole('button', { name: 'Sign it off' }).click();
      const dialog = page.getByRole('dialog', { name: 'Sign off Sun 1 Nov to Mon 30 Nov?' });
      await dialog.getByRole('button', { name: 'Sign it off' }).click();
      await dialog.getByText('say in the note what was done').waitFor();
      assert.equal(mock.shop.signed.ethics.length, 0);
      await dialog.getByLabel(/^What was done/).fill('a promised price for the neighbours');
      await dialog.getByRole('button', { name: 'Sign it off' }).click();
      await says(ethics, /Signed .* by you: “a promised price for the neighbours”/);
    },
    { differs: true },
  ));

test('a head that has moved is not signed, and said so; who may not sign is told who may', async () => {
  await staff(
    async (page) => {
      const { prices } = await audits(page);
      await prices.getByRole('button', { name: 'Run the audit' }).click();
      await prices.getByRole('button', { name: 'Sign it off' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Sign it off' }).click();
      await page.getByRole('dialog').getByText('Nothing was signed: run it again').waitFor();
    },
    { overtaken: true },
  );
  await staff(
    async (page) => {
      const { prices, rules } = await audits(page);
      await prices.getByRole('button', { name: 'Run the audit' }).click();
      await prices.getByText('Finance, legal or the owner sign it').waitFor();
      await rules.getByText('Finance, legal or the owner change them').waitFor();
      assert.ok(await rules.getByLabel(/moves a price by more than/).isDisabled());
    },
    { role: 'operator' },
  );
});

test('the rules over prices are read, corrected where they contradict, and kept', () =>
  staff(async (page, mock) => {
    const { rules } = await audits(page);
    await rules.getByLabel(/within this of the list price/).fill('5');
    await rules.getByRole('button', { name: 'Keep the rules' }).click();
    await rules.getByText('Say above from which change two must agree first').waitFor();
    await rules.getByLabel(/moves a price by more than/).fill('12.5');
    await rules.getByLabel('Undoing the kill switch needs two').check();
    await rules.getByRole('button', { name: 'Add a brand' }).click();
    await rules.getByRole('button', { name: 'Keep the rules' }).click();
    await rules.getByText('a brand has 1 to 200 bytes').first().waitFor();
    await rules.getByLabel('Brand', { exact: true }).fill('Harbour');
    await rules.getByRole('button', { name: 'Keep the rules' }).click();
    await page.getByText('The rules stand from now on').waitFor();
    assert.deepEqual(mock.shop.rules, {
      brands: [{ brand: 'Harbour', exposure_max: 0.2 }], four_eyes_above: 0.125, personal: [], approval_free_change: 0.05,
      four_eyes_undo_kill: true,
    });
    await rules.getByLabel(/moves a price by more than/).fill('');
    await rules.getByLabel(/within this of the list price/).fill('');
    await rules.getByRole('button', { name: 'Take off the rule of Harbour' }).click();
    await rules.getByRole('button', { name: 'Keep the rules' }).click();
    const sent = () => mock.requests.filter((request) => request.method === 'PATCH');
    await until(() => sent().length, (count) => count === 3, 'the rules were not sent');
    assert.deepEqual(sent().at(-1).body, { brands: [], personal: [], four_eyes_undo_kill: true, one_person_is_enough: true });
  }));

test('a past drop under another policy: what it would have brought, with its interval, or why nobody can tell', () =>
  staff(async (page) => {
    await page.getByRole('link', { name: 'Measure' }).click();
    const panel = page.getByRole('region', { name: 'What would another policy have brought?' });
    await panel.getByRole('button', { name: 'Replay the drop' }).click();
    await says(panel, /With the list price all along: about £1,316\.05 of margin \(£1,056\.05 to £1,576\.05\), against £1,523\.00/);
    await panel.getByRole('img', { name: /£1,056\.05 to £1,576\.05; as it was £1,523\.00/ }).waitFor();
    await panel.getByLabel('Instead').selectOption('the engine of today');
    await panel.getByRole('button', { name: 'Replay the drop' }).click();
    await says(panel, /The log cannot tell\. the overlap is too thin[\s\S]*6\s%/);
  }));

test('a lower price that eats its neighbours is told while it runs; without one nothing is shown', () =>
  staff(async (page, mock) => {
    const test = {
      sku: 'VASE-S', channel: 'web', since: mock.shop.iso(mock.shop.origin), until: '', running: true, neighbours: 2,
      before: { units: 40, hours: 20 }, during: { units: 9, hours: 6 }, fall: 0.25, borne: 0.2, stops: true,
    };
    await page.getByRole('link', { name: 'Decide' }).click();
    await page.getByRole('region', { name: 'What does a change of price do' }).waitFor();
    assert.equal(await page.getByText('do to its neighbours?').count(), 0);
    mock.shop.find('winter-glass').tests = [test, { ...test, sku: 'CARAFE', fall: null, borne: null, stops: false }];
    await page.reload();
    const panel = page.getByRole('region', { name: 'What does a lower price do to its neighbours?' });
    await says(panel, /Tide vase, Small[\s\S]*2 neighbours[\s\S]*2\.0 an hour[\s\S]*1\.5 an hour[\s\S]*25\s%[\s\S]*borne: 20\s%/);
    await says(panel, /Quay carafe[\s\S]*too early[\s\S]*not watched/);
  }));

test('what waits in another drop is named; a channel with bands of its own shows those', () =>
  staff(async (page, mock) => {
    const [drop, other] = mock.shop.drops;
    drop.lines[0].channels = [{ channel: 'web', bands: [3400, 3500, 3600].map((amount) => ({ amount, currency: 'GBP' })) }];
    const until = mock.shop.iso(mock.shop.now() + 3_600_000);
    mock.shop.ask_second(other, { sku: 'MUG', channel: 'web', price: { amount: 1900, currency: 'GBP' }, until, reason: 'x' });
    await page.getByRole('link', { name: 'Decide' }).click();
    await page.locator('tr', { hasText: 'VASE-S' }).getByText('band 3 of 3, £34.00 to £36.00').waitFor();
    await page.getByRole('link', { name: 'Ember Mugs (1)' }).click();
    await page.getByRole('region', { name: 'Overrides that wait' }).getByText('£19.00').waitFor();
  }));

test('pause, resume, close and kill ask once and name the drop; leaving changes nothing', () =>
  staff(async (page, mock) => {
    const drop = mock.shop.find('winter-glass');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Keep it open' }).click();
    assert.equal(drop.status, 'open');
    for (const [button, act, done] of [
      ['Pause', 'Pause Winter Glass', 'Winter Glass is paused.'],
      ['Resume', 'Resume Winter Glass', 'Winter Glass is open again.'],
      ['Kill prices', 'Kill prices of Winter Glass', 'Winter Glass sells at list prices.'],
      ['Close early', 'Close Winter Glass', 'Winter Glass is closed.'],
    ]) {
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: act }).click();
      await page.getByText(done).waitFor();
    }
    assert.equal(drop.status, 'closed');
    assert.equal(drop.lines[1].price.amount, 5600);
  }));

async function throw_the_switch(page, why) {
  await page.getByRole('button', { name: 'Kill prices', exact: true }).click();
  await page.getByRole('dialog').getByLabel(/^Why/).fill(why);
  await page.getByRole('dialog').getByRole('button', { name: 'Kill prices of Winter Glass' }).click();
  return page.getByRole('region', { name: 'The kill switch is on' });
}

test('the kill switch says that it is on and why, and is undone with a reason after saying what will happen', () =>
  staff(async (page, mock) => {
    const panel = await throw_the_switch(page, 'a wrong feed');
    await panel.getByText('“a wrong feed”').waitFor();
    assert.equal(await page.getByRole('button', { name: /^(Kill|Override) price/ }).count(), 0, 'nothing left to kill');
    await panel.getByRole('button', { name: 'Undo the kill switch' }).click();
    const dialog = page.getByRole('dialog', { name: 'Undo the kill switch of Winter Glass?' });
    await says(dialog, /goes on from its list price[\s\S]*do not come back/);
    await dialog.getByRole('button', { name: 'Undo the kill switch' }).click();
    await dialog.getByText('Say why, for the journal').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(mock.requests.filter((request) => request.path.endsWith('/undo-kill')).length, 0);
    await panel.getByRole('button', { name: 'Undo the kill switch' }).click();
    await dialog.getByLabel(/^Why/).fill('the feed is right again');
    await page.keyboard.press('Enter');
    await page.getByText('Engine and plan price Winter Glass again').waitFor();
    assert.equal(await panel.count(), 0);
    await page.getByRole('button', { name: 'Kill prices', exact: true }).waitFor();
    const sent = mock.requests.find((request) => request.path.endsWith('/undo-kill'));
    assert.deepEqual(sent.body, { reason: 'the feed is right again' });
  }));

test('where two must agree the undoing waits, for somebody else', () =>
  staff(
    async (page) => {
      const panel = await throw_the_switch(page, '');
      await panel.getByText('“by hand from the control room”').waitFor();
      await panel.getByRole('button', { name: 'Undo the kill switch' }).click();
      await page.getByRole('dialog').getByText('Nothing moves yet').waitFor();
      await page.getByRole('dialog').getByLabel(/^Why/).fill('all is well');
      await page.getByRole('dialog').getByRole('button', { name: 'Undo the kill switch' }).click();
      await page.getByText('waits for a second person. No price was changed').waitFor();
      await panel.getByText('“all is well”').waitFor();
      await panel.getByRole('button', { name: 'Agree to undo' }).click();
      await page.getByText('Engine and plan price Winter Glass again').waitFor();
      assert.equal(await panel.count(), 0);
    },
    { four_eyes: true },
  ));

test('an override is ended before its time, with a reason; the price before it is named', () =>
  staff(async (page, mock) => {
    await page.getByRole('button', { name: 'Override price' }).click();
    await page.getByLabel(/Price in GBP/).fill('34.5');
    await page.getByRole('dialog').getByLabel('Reason').fill('press mention');
    await page.getByRole('dialog').getByRole('button', { name: /^Override/ }).click();
    const list = page.getByRole('region', { name: 'Prices set by hand' });
    await list.getByText('£36.00 before it').waitFor();
    await list.getByRole('button', { name: 'End it now' }).click();
    const dialog = page.getByRole('dialog', { name: 'End the override of Tide vase' });
    await dialog.getByText('£36.00 comes back').waitFor();
    await dialog.getByLabel(/^Why/).fill('the piece did not run');
    await dialog.getByRole('button', { name: 'End the override' }).click();
    await page.getByText(/The override has ended\. .* is £36\.00/).waitFor();
    assert.equal(await list.count(), 0);
    const sent = mock.requests.find((request) => request.path.endsWith('/end-override'));
    assert.deepEqual(sent.body, { sku: 'VASE-S', channel: 'web', reason: 'the piece did not run' });
  }));

test('who may only look is offered no act, and told who may', () =>
  staff(
    async (page, mock) => {
      const drop = mock.shop.find('winter-glass');
      drop.lines[0].halted_by = 'cannibalisation';
      await page.getByText('An operator or a pricing role can let it go on').waitFor();
      assert.equal(await page.getByRole('button', { name: /^(Pause|Close early|Override price|Kill prices)$/ }).count(), 0);
    },
    { role: 'viewer' },
  ));

test('the report of a settled drop', () =>
  staff(async (page) => {
    await page.getByRole('link', { name: 'Measure' }).click();
    await page.getByRole('heading', { name: 'First Light' }).waitFor();
    const figures = page.getByLabel('Key figures');
    await figures.getByText('£3,892.00').waitFor();
    await says(figures, /248\s+of 260, 95\s%[\s\S]*52\.5\s% of net revenue[\s\S]*43\s+asks/);
    await page.locator('tr', { hasText: 'sold out' }).getByText('38').waitFor();
    await page.getByText('raise the cap or the bands of SNUFFER').waitFor();
  }));

test('the report of an open drop draws its prices to the moment, not to the close', () =>
  staff(async (page) => {
    await page.getByRole('link', { name: 'Measure' }).click();
    await page.getByLabel('Drop').selectOption({ label: 'Winter Glass (open)' });
    await page.getByText('Still open: all figures so far').waitFor();
    await page.getByText(/^now \d\d:\d\d$/).first().waitFor();
    assert.equal(await page.locator('svg text', { hasText: /^closed$/ }).count(), 0);
  }));

test('an ended token leads back to the sign-in with the reason', () =>
  staff(async (page) => {
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.evaluate(() => sessionStorage.setItem('dropsmith.staff', 'ended'));
    await page.reload();
    await page.getByText('The shop does not accept this token').waitFor();
  }));

test('a breaker that has stopped the prices is shown with its reason, and let go on with one', () =>
  staff(async (page, mock) => {
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    assert.equal(await page.getByText('until somebody looks').count(), 0);
    const drop = mock.shop.find('winter-glass');
    drop.lines[0].halted_by = 'cascade';
    const detail = '5 moves in a row outdid every other line, downwards';
    drop.halts = [
      { at: mock.shop.iso(drop.opens_at), by: 'cascade', sku: null, channel: null, detail: 'long over', resumed_at: 'then', why: '' },
      { at: mock.shop.iso(mock.shop.origin), by: 'cascade', sku: null, channel: null, detail, resumed_at: null, why: '' },
    ];
    mock.shop.say('price', { drop: drop.id, sku: 'VASE-S', channel: 'web' });
    await page.getByText('No price is decided here until somebody looks').waitFor();
    await page.getByText('The cascade breaker has stopped the prices').waitFor();
    await page.getByText(`What tripped it, Fri 4 Dec, 18:47: ${detail}`).waitFor();
    assert.equal(await page.getByText('long over').count(), 0);
    await page.getByText('Tide vase, Small, 18 cm stays at £36.00 (web)').waitFor();
    await page.getByRole('button', { name: 'Let the engine go on' }).click();
    await page.getByText('Say why, for the journal').waitFor();
    await page.getByLabel('Why it may go on').fill('looked at the arrivals');
    await page.getByRole('button', { name: 'Let the engine go on' }).click();
    await page.getByText('The engine prices Winter Glass again').waitFor();
    await page.getByText('until somebody looks').waitFor({ state: 'hidden' });
    const sent = mock.requests.find((request) => request.path.endsWith('/resume-prices'));
    assert.deepEqual(sent.body, { reason: 'looked at the arrivals' });
  }));

test('an override that needs a second person says so, waits in sight, and is approved or rejected', () =>
  staff(
    async (page, mock) => {
      const list = page.getByRole('region', { name: 'Overrides that wait for a second person' });
      const asked = (price) => list.getByRole('listitem').filter({ hasText: `at £${price}.00 until` });
      for (const price of ['40', '39']) {
        await page.getByRole('button', { name: 'Override price' }).click();
        await page.getByLabel(/Price in GBP/).fill(price);
        await page.getByRole('dialog').getByLabel('Reason').fill('press day');
        await page.getByRole('dialog').getByRole('button', { name: /^Override/ }).click();
        await page.getByText(new RegExp(`£${price}\\.00 .* waits for a second person\\. No price was changed`)).waitFor();
        assert.equal(await asked(price).count(), 1, 'once it is said it is in sight, too');
      }
      await asked(40).getByText(/expected to cost £12\.50/).waitFor();
      await asked(39).getByRole('button', { name: 'Reject' }).click();
      await page.getByText('The override was rejected').waitFor();
      assert.deepEqual([await asked(39).count(), await asked(40).count()], [0, 1], 'what is decided is not offered');
      await asked(40).getByRole('button', { name: 'Approve' }).click();
      await page.getByText(/is £40\.00 from now on/).waitFor();
      assert.equal(await list.count(), 0, 'nothing waits any more');
      assert.equal(mock.shop.line(mock.shop.find('winter-glass'), 'VASE-S').price.amount, 4000);
    },
    { four_eyes: true },
  ));

test('who asked cannot approve it alone, and is told', () =>
  staff(
    async (page, mock) => {
      await page.getByText('live', { exact: true }).waitFor();
      const drop = mock.shop.find('winter-glass');
      const until = new Date(mock.shop.now() + 3_600_000).toISOString();
      mock.shop.ask_second(drop, { sku: 'VASE-S', channel: 'web', price: { amount: 4000, currency: 'GBP' }, until, reason: 'x' });
      mock.shop.say('decision', { drop: drop.id }, true);
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByRole('alert').getByText('another person must').waitFor();
    },
    { own: true },
  ));
