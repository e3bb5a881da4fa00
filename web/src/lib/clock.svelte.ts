// The shop's clock as this page sees it. The shop says its time with every answer; between answers it runs at `speed`
// shop seconds per real second (1 in a real shop, more in a simulated one). It is never the visitor's own clock, so a
// wrong phone cannot show a wrong end, and a small correction never makes the shown time run backwards.

class ShopClock {
  speed = $state(1);
  now = $state(0);
  #base_shop = 0;
  #base_local = 0;
  #frozen = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** A fresh statement of the shop's time. */
  said(server_time: string | number | undefined | null): void {
    if (server_time === undefined || server_time === null) return;
    const at = typeof server_time === 'number' ? server_time : Date.parse(server_time);
    if (!Number.isFinite(at)) return;
    const shown = this.#read();
    // The answer is already old by its way here, so a statement a little behind us says nothing new.
    if (this.#base_local !== 0 && at < shown && shown - at < 1000 * this.speed) return;
    this.#base_shop = at;
    this.#base_local = performance.now();
    this.now = at;
  }

  set_speed(speed: number): void {
    if (!(speed > 0) || speed === this.speed) return;
    this.#base_shop = this.#read();
    this.#base_local = performance.now();
    this.speed = speed;
  }

  /** While the shop is down nobody knows its time: stand still until it speaks again. */
  stop(): void {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#base_shop = this.#read();
    this.#frozen = true;
  }

  start(): void {
    if (this.#timer) return;
    if (this.#frozen) this.#base_local = performance.now();
    this.#frozen = false;
    this.#timer = setInterval(() => (this.now = this.#read()), this.speed > 1 ? 100 : 250);
  }

  get known(): boolean {
    return this.now !== 0;
  }

  #read(): number {
    if (this.#base_local === 0) return 0;
    if (this.#frozen) return this.#base_shop;
    return this.#base_shop + (performance.now() - this.#base_local) * this.speed;
  }
}

export const clock = new ShopClock();
