// What stands at each line in each channel, as the shop tells staff: the price, its bands, and what has stopped or set
// it.
import { line_words } from './read';
import type { ChannelPrice, Drop, Line, Money } from './types';

export interface Standing {
  line: Line;
  channel: string;
  at: ChannelPrice;
}

/** Every line in every channel that has a price. */
export function standings(drop: Drop): Standing[] {
  return drop.lines.flatMap((line) =>
    Object.entries(line.prices ?? {}).map(([channel, at]) => ({ line, channel, at })),
  );
}

const own = (line: Line, channel: string) => line.channels?.find((one) => one.channel === channel);

/** What a line may be asked at in a channel: the channel's own bands where it has some. */
export function bands_of(line: Line, channel: string): Money[] {
  const bands = own(line, channel)?.bands ?? [];
  return line.prices?.[channel]?.bands ?? (bands.length > 0 ? bands : (line.bands ?? []));
}
export function list_price_of(line: Line, channel: string): Money | null {
  return own(line, channel)?.list_price ?? line.list_price ?? null;
}
export function floor_of(line: Line, channel: string): Money | null {
  return own(line, channel)?.floor ?? line.floor ?? null;
}

export function is_killed(drop: Drop): boolean {
  return standings(drop).some(({ at }) => at.killed);
}

/** "Tide vase, Small", and its channel where the drop has several. */
export function where_words(drop: Drop, sku: string, channel: string): string {
  const line = drop.lines.find((one) => one.sku === sku);
  const channels = new Set(standings(drop).map((one) => one.channel));
  return `${line ? line_words(line) : sku}${channels.size > 1 ? ` (${channel})` : ''}`;
}
