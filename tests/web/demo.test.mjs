// The demo: it says that it is one, the kill shows outage, restart and proof, and a shop that lost something is told apart.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { open_browser, side_by_side } from './browser.mjs';
import { start_mock } from './mock_api.mjs';

const test = side_by_side('the demo');
const browser = await open_browser();
after(() => browser.close());

async function demo(options, act) {
  const mock = await start_mock({ simulated: true, speed: 60, kill_ms: 1200, ...options });
  const { page, troubles, close } = await browser.page(mock.url);
  try {
    await page.getByText('live', { exact: true }).waitFor();
    await act(page, mock);
    assert.deepEqual(troubles, []);
  } finally {
    await close();
    await mock.stop();
  }
}
async function kill(page) {
  await page.getByRole('button', { name: 'Kill the server' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Kill the server' }).click();
}

test('says plainly that the shop is simulated, and how much faster its clock runs', () =>
  demo({}, async (page) => {
    await page.getByText('Simulated shop').waitFor();
    await page.getByText('clock 60 times faster').waitFor();
  }));

test('asks once; leaving it running kills nothing', () =>
  demo({}, async (page, mock) => {
    await page.getByRole('button', { name: 'Kill the server' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.equal(mock.killed(), 0);
  }));

test('kill, outage, restart, proof: the hold of this visitor is found again', () =>
  demo({ hold_s: 360_000, kill_ms: null }, async (page, mock) => {
    await page.getByRole('button', { name: /^Reserve/ }).click();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
    await kill(page);
    await page.getByText('Killed. Waiting for the restart').waitFor();
    await page.getByText('reconnecting', { exact: true }).waitFor();
    await mock.start_again();
    const proof = page.getByLabel('What the kill did');
    await proof.getByText(/Nothing lost\. Back after \d+\.\d\ss\./).waitFor();
    const words = await proof.innerText();
    assert.match(words, /41,\d{3} before, 41,\d{3} after/);
    assert.match(words, /6 of 6 hold/);
    assert.match(words, /1 of 1 of your holds and orders found again/);
    assert.equal(mock.killed(), 1);
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'It is held for you' }).waitFor();
  }));

test('facts that are missing after the restart are called missing', () =>
  demo({ loses: true }, async (page) => {
    await kill(page);
    await page.getByText('Something is missing after the restart').waitFor();
  }));

test('a law that does not hold after the restart is no proof', () =>
  demo({ broken_law: 2 }, async (page) => {
    await kill(page);
    await page.getByText('Something is missing after the restart').waitFor();
    await page.getByText('5 of 6 hold').waitFor();
  }));
