// GET /v1/stream, read with fetch instead of EventSource, because a staff stream needs the Authorization header.
// Reconnects with growing, jittered pauses and Last-Event-ID; says plainly whether what is shown is live.
import { session } from './session.svelte';
import type { StreamEvent } from './types';

export type Liveness = 'connecting' | 'live' | 'reconnecting' | 'offline';
type Listener = (event: StreamEvent) => void;

/** One parser of the event-stream format: feed text, get whole events. */
export class EventParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  last_id = '';

  feed(text: string, emit: (event: string, data: string) => void): void {
    this.#rest += text;
    const lines = this.#rest.split('\n').map((line) => line.replace(/\r$/, ''));
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (this.#data.length > 0) emit(this.#event || 'message', this.#data.join('\n'));
        this.#event = '';
        this.#data = [];
        continue;
      }
      if (line.startsWith(':')) continue;
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') this.#event = value;
      else if (field === 'data') this.#data.push(value);
      else if (field === 'id') this.last_id = value;
    }
  }
}

const QUIET_LIMIT_MS = 45_000; // the shop sends a comment at least every 15 s; three missing = the line is dead
const OFFLINE_AFTER = 5; // attempts in a row

class Stream {
  state = $state<Liveness>('connecting');
  since = $state(0);
  #listeners = new Set<Listener>();
  #reopened = new Set<() => void>();
  #abort: AbortController | null = null;
  #failures = 0;
  #token: string | null = null;
  #last_id = '';
  #running = false;

  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called each time the line stands again: what was missed must be read anew. */
  on_open(listener: () => void): () => void {
    this.#reopened.add(listener);
    return () => this.#reopened.delete(listener);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    addEventListener('online', () => this.#abort?.abort());
    void this.#run();
  }

  /** The caller has changed (sign in, sign out): open the line again as that caller. */
  reopen(): void {
    if (this.#token !== session.token) this.#abort?.abort();
  }

  async #run(): Promise<void> {
    for (;;) {
      const opened = await this.#once();
      this.#failures = opened ? 0 : this.#failures + 1;
      this.#say(this.#failures >= OFFLINE_AFTER || !navigator.onLine ? 'offline' : 'reconnecting');
      const most = Math.min(8000, 250 * 2 ** this.#failures);
      await new Promise((done) => setTimeout(done, most / 2 + (Math.random() * most) / 2));
    }
  }

  async #once(): Promise<boolean> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#token = session.token;
    let quiet = setTimeout(() => abort.abort(), 10_000);
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
      if (this.#last_id) headers['Last-Event-ID'] = this.#last_id;
      const reply = await fetch('/v1/stream', { headers, cache: 'no-store', signal: abort.signal });
      if (reply.status === 401 && this.#token) session.refused();
      if (!reply.ok || !reply.body) return false;
      this.#failures = 0;
      this.#say('live');
      for (const listener of this.#reopened) listener();
      const parser = new EventParser();
      const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        clearTimeout(quiet);
        quiet = setTimeout(() => abort.abort(), QUIET_LIMIT_MS);
        const { done, value } = await reader.read();
        if (done) return true;
        parser.feed(value, (event, data) => this.#tell(event, data));
        if (parser.last_id) this.#last_id = parser.last_id;
      }
    } catch {
      return this.state === 'live';
    } finally {
      clearTimeout(quiet);
      this.#abort = null;
    }
  }

  #tell(event: string, data: string): void {
    let json: unknown;
    try {
      json = JSON.parse(data);
    } catch {
      return;
    }
    if (typeof json !== 'object' || json === null) return;
    for (const listener of this.#listeners) listener({ event, data: json as Record<string, unknown> });
  }

  #say(state: Liveness): void {
    if (this.state === state) return;
    this.state = state;
    this.since = Date.now();
  }
}

export const stream = new Stream();
