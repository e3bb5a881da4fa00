// The periods that audits are signed for: whole weeks from Monday, whole months; in UTC, as the journal counts.
import { day_and_time } from '../lib/time';

const DAY = 24 * 3600_000;

export interface Period {
  since: number;
  until: number;
  over: boolean;
}

export interface Signed {
  since: string;
  until: string;
  head_hash: string;
  note: string;
  who: string;
  at: string;
}

function monday(at: number): number {
  const day = new Date(at).getUTCDay();
  return Math.floor(at / DAY) * DAY - ((day + 6) % 7) * DAY;
}

/** The running week and the five before it, newest first. */
export function weeks(now: number): Period[] {
  const this_one = monday(now);
  return Array.from({ length: 6 }, (_, back) => {
    const since = this_one - back * 7 * DAY;
    return { since, until: back === 0 ? now : since + 7 * DAY, over: back > 0 };
  });
}

/** The running month and the five before it, newest first. */
export function months(now: number): Period[] {
  const at = new Date(now);
  return Array.from({ length: 6 }, (_, back) => {
    const since = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back, 1);
    const until = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back + 1, 1);
    return { since, until: back === 0 ? now : until, over: back > 0 };
  });
}

/** "Mon 16 Nov to Sun 22 Nov" */
export function period_words({ since, until, over }: Period): string {
  const day = (at: number) => day_and_time(at, 'UTC').replace(/,? \d\d:\d\d$/, '');
  return over ? `${day(since)} to ${day(until - 1)}` : `since ${day(since)}, so far`;
}
