// Every call to the shop goes through ask(): bearer of the staff session or of what a buyer owns, JSON in and out,
// and two kinds of trouble kept apart. Problem = the shop answered and said no (RFC 9457, with a stable code).
// Silence = no answer reached us, so we do not know whether it took effect; only a repeat with the same
// Idempotency-Key may follow.
import { clock } from './clock.svelte';
import { session } from './session.svelte';

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly body: Record<string, unknown>,
    readonly retry_after_s: number | null,
  ) {
    super(detail || code);
  }
}

export class Silence extends Error {}

export interface Ask {
  method?: 'GET' | 'POST' | 'DELETE' | 'PATCH';
  body?: unknown;
  key?: string;
  bearer?: string | null;
  signal?: AbortSignal;
  timeout_ms?: number;
}

export async function ask<T>(path: string, options: Ask = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const bearer = options.bearer === undefined ? session.token : options.bearer;
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  if (options.key) headers['Idempotency-Key'] = options.key;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';

  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), options.timeout_ms ?? 15_000);
  options.signal?.addEventListener('abort', () => limit.abort(), { once: true });
  try {
    const reply = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      cache: 'no-store',
      credentials: 'same-origin',
      signal: limit.signal,
    });
    const text = await reply.text();
    const kind = reply.headers.get('Content-Type') ?? '';
    const json: unknown = text && kind.includes('json') ? JSON.parse(text) : {};
    if (!reply.ok) throw problem_of(reply, json);
    if (typeof json === 'object' && json && 'server_time' in json) clock.said(json.server_time as string);
    return json as T;
  } catch (trouble) {
    if (trouble instanceof Problem) {
      if (trouble.status === 401 && bearer && bearer === session.token) session.refused();
      throw trouble;
    }
    throw new Silence('The shop did not answer');
  } finally {
    clearTimeout(timer);
  }
}

function problem_of(reply: Response, json: unknown): Problem {
  const body = (typeof json === 'object' && json ? json : {}) as Record<string, unknown>;
  const wait = Number(reply.headers.get('Retry-After') ?? NaN);
  return new Problem(
    reply.status,
    typeof body.code === 'string' ? body.code : `http_${reply.status}`,
    typeof body.detail === 'string' ? body.detail : typeof body.title === 'string' ? body.title : '',
    body,
    Number.isFinite(wait) ? wait : null,
  );
}
