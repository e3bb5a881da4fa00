// One look at an open drop: told to the shop once for each drop by this browser, never by staff, and never where the
// browser asks not to be followed (Sec-GPC, Do-Not-Track). The shop counts it once, however often it is told.
import { ask } from './api';
import { session } from './session.svelte';
import { shopper } from './shopper';
import type { Drop } from './types';

const told = new Set<string>();

export function asks_not_to_be_counted(): boolean {
  const asked = navigator as Navigator & { globalPrivacyControl?: boolean };
  return asked.globalPrivacyControl === true || asked.doNotTrack === '1';
}

async function tell(drop: Drop): Promise<void> {
  if (told.has(drop.id) || drop.status !== 'open' || session.token || asks_not_to_be_counted()) return;
  told.add(drop.id);
  try {
    const body = { session: shopper(), ...(drop.channel ? { channel: drop.channel } : {}) };
    await ask(`/v1/drops/${encodeURIComponent(drop.id)}/looks`, { method: 'POST', body, bearer: null });
  } catch {
    told.delete(drop.id); // no answer: told again when it comes into sight again
  }
}

/** For `use:`: what is on the screen has been looked at. */
export function looked_at(element: Element, of: () => Drop): { destroy: () => void } {
  const watch = new IntersectionObserver((seen) => {
    if (seen.some((entry) => entry.isIntersecting)) void tell(of());
  });
  watch.observe(element);
  return { destroy: () => watch.disconnect() };
}
