// From what the shop sends to what the pages show. A decision may come from /v1/decisions or as an event; both are read
// here into one shape, and a field that is not there stays empty.
import { is_money, money } from './money';
import type { Available, Decision, Drop, Line, Money } from './types';

export interface Step {
  id: string;
  drop: string;
  sku: string;
  channel: string;
  kind: string;
  at: number;
  price: Money | null;
  wanted: Money | null;
  floor: Money | null;
  arm: string;
  propensity: number | null;
  bound: string[];
  trail: { by: string; from: Money; to: Money }[];
  reason: string;
  who: string;
  policy: string;
  arms: { price: Money; looks: number; sales: number; propensity: number }[];
}

type Raw = Record<string, unknown>;
const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? `${value}` : '';
const maybe_money = (value: unknown): Money | null => (is_money(value) ? value : null);

function bound_of(raw: Raw): string[] {
  const list = raw.bound ?? raw.guardrails ?? [];
  if (!Array.isArray(list)) return [];
  return list
    .map((entry: unknown) => {
      if (typeof entry === 'string') return entry;
      const named = entry as { guardrail?: string; name?: string; bound?: boolean };
      return named.bound === false ? '' : (named.guardrail ?? named.name ?? '');
    })
    .filter((name) => name !== '');
}

/** Who decided, when it was a person: the grant's name where the shop says it. */
function who_of(value: unknown): string {
  if (typeof value === 'string') return value.startsWith('staff') ? 'by staff' : '';
  const who = (value ?? {}) as { kind?: string; grant?: string | null; name?: string };
  return who.grant ? (who.name ?? 'by staff') : '';
}

export function step_of(decision: Decision | Raw): Step {
  const raw = decision as Raw;
  const inputs = (raw.inputs ?? {}) as Raw;
  const arms = Array.isArray(inputs.arms) ? (inputs.arms as Raw[]) : [];
  const arm = raw.arm;
  return {
    id: text(raw.id ?? raw.decision),
    drop: text(raw.drop),
    sku: text(raw.sku),
    channel: text(raw.channel),
    kind: text(raw.kind),
    at: Date.parse(text(raw.at ?? raw.set_at)),
    price: maybe_money(raw.price),
    wanted: maybe_money(raw.wanted ?? raw.wanted_price),
    floor: maybe_money(raw.floor),
    arm: arm === null || arm === undefined ? '' : text(arm),
    propensity: typeof raw.propensity === 'number' ? raw.propensity : null,
    bound: bound_of(raw),
    trail: Array.isArray(raw.trail) ? (raw.trail as Step['trail']).filter((one) => is_money(one.from)) : [],
    reason: text(raw.reason),
    who: /^(override|override_ended|kill|kill_undone)$/.test(text(raw.kind)) ? who_of(raw.who) : '',
    policy: text(inputs.policy),
    arms: arms.flatMap((entry) => {
      const price = maybe_money(entry.price);
      const number = (value: unknown) => (typeof value === 'number' ? value : 0);
      return price
        ? [{ price, looks: number(entry.looks), sales: number(entry.sales), propensity: number(entry.propensity) }]
        : [];
    }),
  };
}

const GUARDRAILS: Record<string, string> = {
  band_low: 'lowest band',
  band_high: 'highest band',
  floor: 'floor',
  min_margin: 'least margin',
  cap_price: 'price cap',
  max_step: 'largest step',
  explore_share: 'share of exploring looks',
  override: 'override',
  killed: 'prices killed',
  max_discount: 'largest discount',
  dwell: 'shortest stay of a price',
  revenue_at_risk: 'revenue at risk',
  cascade: 'cascade breaker',
  cannibalisation: 'cannibalisation stop',
  brand_exposure: 'brand’s exposure',
  constancy: 'a price that may not rise',
  prior_price: 'prior price',
};

export function guardrail_words(name: string): string {
  return GUARDRAILS[name] ?? name.replaceAll('_', ' ');
}

const KINDS: Record<string, string> = {
  opening: 'Opening price',
  bandit: 'Engine',
  engine: 'Engine',
  fixed: 'Fixed price',
  override: 'Override',
  override_ended: 'Override ended',
  kill: 'Prices killed',
  kill_undone: 'Kill switch undone',
  taper: 'Taper',
  ladder: 'Ladder',
};

export function kind_words(kind: string): string {
  return KINDS[kind] ?? kind.replaceAll('_', ' ');
}

/** One line of cause for a decision: for the engine what it had seen at each band, else the words that came with it. */
export function cause(step: Step): string {
  const tried = step.arms.filter((arm) => arm.looks > 0);
  if (step.kind === 'bandit' && tried.length > 0) {
    // Without visits signalled a look is one period of the cadence, in which several may be sold.
    const unit = tried.some((arm) => arm.sales > arm.looks) ? 'periods' : 'looks';
    const seen = tried.map(
      (arm, n) => `${arm.sales} in ${arm.looks}${n === 0 ? ` ${unit}` : ''} at ${money(arm.price)}`,
    );
    return `sold ${seen.join(', ')}`;
  }
  return step.reason;
}

/** What the gate did to a wish, step by step, in plain words; empty: it let it be. */
export function trail_words(step: Step): string {
  if (step.trail.length === 0) return step.bound.map(guardrail_words).join(', ');
  return step.trail
    .map(({ by, from, to }) =>
      from.amount === to.amount
        ? guardrail_words(by)
        : `${guardrail_words(by)} made ${money(from)} into ${money(to)}`,
    )
    .join(', then ');
}

/** The chance that the engine gave to prices other than the one it thinks best; null: not a decision of the engine. */
export function explores(step: Step): number | null {
  const chances = step.arms.map((arm) => arm.propensity);
  if (step.kind !== 'bandit' || chances.length === 0) return null;
  return Math.max(0, 1 - Math.max(...chances));
}

export function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)}\u00a0%`;
}

export function line_name(line: Line): string {
  return line.title ?? line.sku;
}

/** The line with what tells it from its sisters: "Tide vase, Small". */
export function line_words(line: Line): string {
  return line.size ? `${line_name(line)}, ${line.size}` : line_name(line);
}

export function units_left(available: Available | undefined): number | null {
  if (typeof available === 'number') return available;
  return available === 'sold_out' ? 0 : null;
}

export function is_gone(line: Line): boolean {
  return units_left(line.available) === 0;
}

export function is_sold_out(drop: Drop): boolean {
  return drop.lines.length > 0 && drop.lines.every(is_gone);
}

export function left_words(line: Line): string {
  const left = units_left(line.available);
  if (left !== null) return left <= 0 ? 'Sold out' : `${left}\u00a0left`;
  return line.available === 'few' ? 'Few left' : line.available === 'in_stock' ? 'In stock' : '';
}
