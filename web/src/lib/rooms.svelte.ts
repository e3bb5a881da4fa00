// This visitor's places in waiting rooms that count people, per drop: kept in localStorage with the token that shows
// them. Rooms that count browsers have a page of their own (/d/slug/room). A turn that comes is handed to lib/turn.ts.
import { ask, Problem } from './api';
import { intend } from './intent';
import { Kept } from './kept.svelte';
import { shopper } from './shopper';
import { keep_turn } from './turn';
import type { Drop, Room } from './types';

class Rooms extends Kept<Room> {
  constructor() {
    super('dropsmith.rooms');
  }

  async enter(drop: Drop, email: string): Promise<void> {
    await this.act('enter', drop.id, async () => {
      const body = { session: shopper(), person: { email } };
      const made = await intend<Room>(`room.${drop.id}`, path_of(drop), body, {
        bearer: null,
        waiting: (n) => (this.waiting = n),
      });
      this.#take(drop, made);
      await this.look(drop);
    });
  }

  /** How the room stands, and the place in it. No answer changes nothing; a token of another room is let go. */
  async look(drop: Drop): Promise<void> {
    const token = this.all[drop.id]?.token;
    try {
      this.#take(drop, await ask<Room>(path_of(drop), { bearer: token ?? null }));
    } catch (trouble) {
      if (trouble instanceof Problem && trouble.status === 404) this.forget(drop.id);
    }
    this.keep();
  }

  #take(drop: Drop, fresh: Room): void {
    const known = this.all[drop.id];
    const now = { ...known, ...fresh };
    this.all[drop.id] = now;
    if (now.status === 'admitted' && now.session && fresh.admission) {
      keep_turn(drop.slug, { session: now.session, admission: fresh.admission });
    }
  }
}

function path_of(drop: Drop): string {
  return `/v1/drops/${encodeURIComponent(drop.id)}/room`;
}

/** "1 to 2 minutes": rounded up and never sharper than it is known. */
export function wait_words(from_s: number, to_s: number): string {
  const [size, unit] = to_s < 90 ? [1, 'seconds'] : to_s < 90 * 60 ? [60, 'minutes'] : [3600, 'hours'];
  const [low, high] = [Math.ceil(from_s / size), Math.ceil(to_s / size)];
  return low === high ? `about ${high} ${unit}` : `${low} to ${high} ${unit}`;
}

export const rooms = new Rooms();
