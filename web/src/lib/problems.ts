// Refusals in plain words, by their stable code: what happened, what was kept, what to do. A code that is not in the
// table falls back to the shop's own detail, so a new refusal is never shown as an empty box.
import { Problem, Silence } from './api';

const WORDS: Record<string, string> = {
  sold_out: 'Sold out. Nothing was charged. If a hold runs out, the unit comes back and this page shows it at once.',
  insufficient_stock: 'Not that many are left. Nothing was reserved; try fewer.',
  drop_not_open: 'This drop is not open. Nothing was reserved.',
  drop_paused: 'The shop has paused this drop for a moment. Nothing was reserved; holds made before stay valid.',
  price_changed:
    'The price has moved since you looked. Nothing was reserved; look at the new price and decide again.',
  hold_expired:
    'The hold ran out, so the unit went back on sale. Nothing was charged. You can reserve again if any are left.',
  hold_not_found: 'The shop does not know this hold (any more). Nothing was charged.',
  over_limit: 'That is more than one person may take in this drop. Nothing was reserved; try fewer.',
  not_admitted: 'Just now people are let in through the waiting room. Nothing was reserved; enter it for your turn.',
  already_waiting: 'You wait for this drop already. Your place stays.',
  pass_not_valid: 'This pass is not valid here, or not now. Nothing was reserved; check each letter of it.',
  pass_used_up: 'This pass has been used. Nothing was reserved.',
  preorder_full: 'What may be ordered ahead is taken. Nothing was reserved; it opens for everybody at its hour.',
  key_reused: 'This page asked twice in two different ways. Nothing was done the second time; reload and try again.',
  plan_contradiction: 'The plan contradicts itself, so nothing was changed.',
  below_floor: 'That price is below the floor and nobody has given leave for it. The price was not changed.',
  outside_band: 'That price is outside the bands of this line. The price was not changed.',
  currency_mismatch: 'The shop sells in another currency. Nothing was changed.',
  overloaded: 'The shop is busy just now. Nothing was done; try again in a moment.',
};

/** What is wrong with which field, by its pointer: "/person/name" → "is longer than …". */
export function fields_of(trouble: unknown): Record<string, string> {
  const errors = trouble instanceof Problem ? trouble.body.errors : undefined;
  if (!Array.isArray(errors)) return {};
  return Object.fromEntries(
    errors.map((one: { pointer?: string; detail?: string }) => [one.pointer ?? '', one.detail ?? '']),
  );
}

/** Of a link that came in a letter: most of what can be wrong with it is that it was cut. */
export function letter_words(trouble: unknown): string {
  return trouble instanceof Problem && trouble.status === 404
    ? 'This link is not one of this shop, or not whole. Open it from the letter again.'
    : plain_words(trouble);
}

export function plain_words(trouble: unknown): string {
  if (trouble instanceof Silence) return 'No answer from the shop. It is not known yet whether this took effect.';
  if (!(trouble instanceof Problem))
    return 'Something went wrong on this page. Reload it; what the shop has promised is kept.';
  const available = trouble.body.available;
  if (trouble.code === 'insufficient_stock' && typeof available === 'number') {
    return `Only ${available} left just now. Nothing was reserved; try ${available} or fewer.`;
  }
  const known = WORDS[trouble.code];
  if (known) return known;
  if (trouble.status === 401) return 'The shop does not know who asks. Sign in again; nothing was changed.';
  if (trouble.status === 403)
    return 'Your role may not do this. Nothing was changed; ask an owner for the right grant.';
  if (trouble.status === 429 || trouble.status === 503) {
    const wait = trouble.retry_after_s ? ` in ${trouble.retry_after_s} s` : ' in a moment';
    return `The shop is busy just now. Nothing was done; try again${wait}.`;
  }
  const fields = trouble.body.errors;
  if (Array.isArray(fields) && fields.length > 0) {
    return fields
      .map((field: { pointer?: string; detail?: string }) => `${field.pointer ?? ''} ${field.detail ?? ''}`.trim())
      .join('; ');
  }
  return trouble.detail || `The shop refused (${trouble.code}). Nothing was changed.`;
}
