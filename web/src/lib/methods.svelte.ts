// What a buyer can pay with here: asked once. Without an answer there is the counter, as always.
import { ask } from './api';

const WORDS: Record<string, string> = {
  stripe: 'Pay now, on a secure page',
  bank_transfer: 'Bank transfer',
  pay_at_pickup: 'Pay at pick-up',
};

class Methods {
  known = $state<string[]>(['pay_at_pickup']);
  #asked = false;

  async load(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    try {
      const { data } = await ask<{ data: { method: string }[] }>('/v1/payments/methods', { bearer: null });
      const known = data.map((row) => row.method).filter((method) => method in WORDS);
      if (known.length > 0) this.known = Object.keys(WORDS).filter((method) => known.includes(method));
    } catch {
      this.#asked = false;
    }
  }

  words(method: string): string {
    return WORDS[method] ?? method;
  }
}

export const methods = new Methods();
