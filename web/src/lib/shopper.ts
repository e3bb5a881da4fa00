// Who is looking: a word of chance that this browser makes for itself and keeps. It says nothing of the person; the
// shop reads it as a digest. A drop may ask a share of such sessions another price (cohort): the same word goes with
// the look and with the wish, so that what is shown is what is asked, today and after a reload.
const NAME = 'dropsmith.shopper';
let known = '';

export function shopper(): string {
  if (known) return known;
  try {
    known = localStorage.getItem(NAME) ?? '';
  } catch {
    /* without storage it lasts as long as the page */
  }
  if (known) return known;
  const chance = crypto.getRandomValues(new Uint8Array(16));
  be(Array.from(chance, (byte) => byte.toString(16).padStart(2, '0')).join(''));
  return known;
}

/** The session of a waiting room's turn buys: from then on it looks, too. */
export function be(session: string): void {
  known = session;
  try {
    localStorage.setItem(NAME, session);
  } catch {
    /* see above */
  }
}
