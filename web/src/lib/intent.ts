// A wish that must take effect once: its Idempotency-Key is made when the visitor asks and kept in localStorage until
// the shop has answered. A lost answer is asked for again with the same key (by itself, with growing pauses, and
// after a reload), so a unit is never taken twice and a unit that was won is never lost.
import { ask, Problem, Silence } from './api';

const PREFIX = 'dropsmith.intent.';

interface Kept {
  key: string;
  path: string;
  body: unknown;
}

function fresh_key(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function load(name: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

function store(name: string, kept: Kept | null): void {
  try {
    if (kept) localStorage.setItem(PREFIX + name, JSON.stringify(kept));
    else localStorage.removeItem(PREFIX + name);
  } catch {
    /* without storage the key lives as long as this call */
  }
}

export function unanswered(name: string): boolean {
  return load(name) !== null;
}

const PAUSES_MS = [400, 1000, 2000, 4000, 8000, 8000, 8000, 8000];

/** Asks once in effect. `name` is the intent's place: one open intent per place; another body is a new wish. */
export async function intend<T>(
  name: string,
  path: string,
  body: unknown,
  options: { bearer?: string | null; waiting?: (attempt: number) => void } = {},
): Promise<T> {
  const before = load(name);
  const same = before && before.path === path && JSON.stringify(before.body) === JSON.stringify(body);
  const kept: Kept = same ? before : { key: fresh_key(), path, body };
  store(name, kept);
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await ask<T>(path, { method: 'POST', body: kept.body, key: kept.key, bearer: options.bearer });
      store(name, null);
      return answer;
    } catch (trouble) {
      const busy = trouble instanceof Problem && (trouble.status === 503 || trouble.status === 429);
      const pause = PAUSES_MS[attempt];
      if ((trouble instanceof Silence || busy) && pause !== undefined) {
        options.waiting?.(attempt + 1);
        await new Promise((done) => setTimeout(done, pause));
        continue;
      }
      // The shop judged and said no: a refusal is not remembered by its key, the next wish gets a new one.
      if (trouble instanceof Problem && !busy) store(name, null);
      throw trouble;
    }
  }
}

/** After a reload: the wish that was under way when the page went, if any. */
export function pending(name: string): { path: string; body: unknown } | null {
  const kept = load(name);
  return kept ? { path: kept.path, body: kept.body } : null;
}
