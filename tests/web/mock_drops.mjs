// The drops that the mock shop starts with, by scenario. Goods and people are invented; times are relative to `now`.
export const HOUR = 3_600_000;
export const gbp = (amount) => ({ amount, currency: 'GBP' });

const STORY =
  'Ines Okafor blows each Tide vase in one go, in a former boat shed on Deptford Creek. The three lines are laid while ' +
  'the glass still moves, one for each tide she sees in a working day, so no two sit at the same height.';

function line(sku, title, size, bands, arm, { cap = 50, sold = 0, held = 0, floor = 1000, limit = 2, few = false } = {}) {
  const money = bands.map(gbp);
  return { sku, title, size, bands: money, arm, cap, sold, held, floor: gbp(floor), list_price: money.at(-1), limit, few };
}

function drop(now, slug, title, status, opens_in, lasts, lines) {
  return {
    id: `drop_${slug.replaceAll('-', '')}`, slug, title, story: STORY, status, opens_at: now + opens_in,
    closes_at: now + opens_in + lasts, timezone: 'Europe/London', lines, hold_seconds: 600,
  };
}

export const SCENARIOS = {
  live: (now) => [
    drop(now, 'winter-glass', 'Winter Glass', 'open', -30.8 * HOUR, 72 * HOUR, [
      line('VASE-S', 'Tide vase', 'Small, 18 cm', [3000, 3200, 3400, 3600], 3, { cap: 120, sold: 67, held: 6, floor: 2444 }),
      line('VASE-L', 'Tide vase', 'Tall, 31 cm', [4800, 5200, 5600], 1, { cap: 60, sold: 24, held: 2, floor: 3980 }),
      line('TUMBLER-2', 'Lock tumblers', 'Pair', [2400, 2600, 2800], 1, { cap: 88, sold: 85, floor: 1890 }),
      line('CARAFE', 'Quay carafe', '', [4200, 4600, 5000], 1, { cap: 80, sold: 80, floor: 3350 }),
    ]),
    drop(now, 'ember-mugs', 'Ember Mugs', 'scheduled', 5.2 * HOUR, 24 * HOUR, [line('MUG', 'Mug', '', [1800], 0)]),
    drop(now, 'salt-and-rope', 'Salt and Rope', 'scheduled', 52 * HOUR, 48 * HOUR, [line('MAT', 'Rope mat', '', [2900], 0)]),
    drop(now, 'first-light', 'First Light', 'settled', -200 * HOUR, 72 * HOUR, [
      line('CANDLE', 'Tallow candle', 'Tall', [1200, 1400, 1600], 1, { cap: 200, sold: 188, floor: 900 }),
      line('SNUFFER', 'Brass snuffer', '', [2100, 2400], 0, { cap: 60, sold: 60, floor: 1500 }),
    ]),
  ],
  empty: () => [],
  soon: (now) => [
    drop(now, 'winter-glass', 'Winter Glass', 'scheduled', 0.02 * HOUR, 72 * HOUR, [
      line('VASE-S', 'Tide vase', 'Small', [3200], 0, { cap: 12 }),
    ]),
  ],
  // Before the opening: some are kept for orders ahead, and the price falls as announced.
  ahead(now) {
    const drops = SCENARIOS.live(now);
    const [drop] = drops;
    Object.assign(drop, { status: 'scheduled', opens_at: now + 4 * HOUR, closes_at: now + 28 * HOUR });
    Object.assign(drop.lines[0], { ahead: 3, sold: 0, held: 0 });
    Object.assign(drop.lines[1], { ahead: 5, sold: 0, held: 0 });
    drop.lines[1].taper = [...drop.lines[1].bands].reverse().map((price, n) => ({ at: drop.opens_at + n * 8 * HOUR, price }));
    return [drop];
  },
  // Gone, and promised again: it may be ordered before it arrives.
  promised(now) {
    const drops = SCENARIOS.sold_out(now).slice(0, 1);
    drops[0].lines = drops[0].lines.slice(0, 1);
    Object.assign(drops[0].lines[0], { backorder_cap: 20, ship_by: now + 240 * HOUR });
    return drops;
  },
  // The opening bell: people enter, and buy when their turn comes.
  bell(now) {
    const [drop] = SCENARIOS.live(now);
    return [{ ...drop, room: { kind: 'ballot', entry_before_seconds: 3600, by_person: true } }];
  },
  sold_out(now) {
    const drops = SCENARIOS.live(now);
    for (const entry of drops[0].lines) Object.assign(entry, { sold: entry.cap, held: 0 });
    return drops;
  },
  paused(now) {
    const drops = SCENARIOS.live(now);
    drops[0].status = 'paused';
    return drops;
  },
  // Words from right to left, a name as long as the shop allows, a word without a place to break.
  long(now) {
    const drops = SCENARIOS.live(now).slice(0, 3);
    drops[0].title = 'The Winter Glass of the Three Tides, blown on Deptford Creek before the frost came';
    drops[0].lines[0].title = 'Tide vase with three lines for three tides, blown in one go and signed under the foot by its maker';
    drops[0].lines[0].size = 'Small, 18 cm high and 13 cm wide, 640 g';
    drops[0].lines[1].title = 'مزهرية المد والجزر الطويلة';
    drops[0].lines[1].size = 'كبيرة، ٣١ سم';
    drops[0].lines[2].title = 'Donaudampfschifffahrtsgesellschaftskapitänskajütentrinkgläser';
    drops[1].title = 'أكواب الجمر';
    drops[2].title = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz und Seil';
    return drops;
  },
  long_sold_out(now) {
    const drops = SCENARIOS.long(now);
    for (const entry of drops[0].lines) Object.assign(entry, { sold: entry.cap, held: 0 });
    drops[0].lines = drops[0].lines.slice(2, 3);
    return drops;
  },
  few(now) {
    const drops = SCENARIOS.live(now).slice(0, 1);
    for (const entry of drops[0].lines) entry.few = true;
    return drops;
  },
};
