// A turn in a drop's waiting room: who will buy (the session) and until when they may (the admission, sealed by the
// shop). The room's page hands it over in the address's fragment, which no server sees; it is kept here, so that a
// reload loses nothing, and taken out of the address, so that nobody copies it by accident.
import { be } from './shopper';

const NAME = 'dropsmith.turn.';

export interface Turn {
  session: string;
  admission?: string;
}

/** `#/d/slug?session=…&admission=…` → kept; the address loses what is behind the question mark. */
export function take_turn(): void {
  const match = /^#\/?d\/([^/?]+)\?(.+)$/.exec(location.hash);
  if (!match) return;
  const [, slug = '', query = ''] = match;
  const words = new URLSearchParams(query);
  const session = words.get('session');
  const admission = words.get('admission') ?? undefined;
  if (session) keep_turn(slug, { session, admission });
  history.replaceState(null, '', `#/d/${slug}`);
}

export function keep_turn(slug: string, turn: Turn): void {
  be(turn.session);
  try {
    localStorage.setItem(NAME + slug, JSON.stringify(turn));
  } catch {
    /* without storage the turn is asked for again on the room's page */
  }
}

export function turn_of(slug: string): Turn | null {
  try {
    return JSON.parse(localStorage.getItem(NAME + slug) ?? 'null') as Turn | null;
  } catch {
    return null;
  }
}
