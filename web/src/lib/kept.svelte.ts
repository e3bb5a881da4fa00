// What this browser keeps in localStorage by drop or by order, each with its secret: read when the page comes, written
// after every change, one act at a time, its trouble in plain words. Every change asks the shop; what is kept here is
// only the way back to it. Where storage is refused it lives as long as the page.
import { plain_words } from './problems';

export class Kept<T> {
  all = $state<Record<string, T>>({});
  busy = $state('');
  /** How often the act under way has been asked again because no answer came. */
  waiting = $state(0);
  trouble = $state<Record<string, string>>({});
  #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  read(): void {
    try {
      this.all = (JSON.parse(localStorage.getItem(this.#name) ?? 'null') as Record<string, T> | null) ?? {};
    } catch {
      this.all = {};
    }
  }

  keep(): void {
    try {
      localStorage.setItem(this.#name, JSON.stringify(this.all));
    } catch {
      /* see above */
    }
  }

  forget(id: string): void {
    delete this.all[id];
    this.keep();
  }

  /** One act for `id`, named `what` while it lasts. A second one meanwhile is not begun. */
  async act(what: string, id: string, does: () => Promise<void>, failed?: (trouble: unknown) => void): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    this.waiting = 0;
    this.trouble[id] = '';
    try {
      await does();
    } catch (trouble) {
      this.trouble[id] = plain_words(trouble);
      failed?.(trouble);
    } finally {
      this.busy = '';
      this.waiting = 0;
      this.keep();
    }
  }
}
