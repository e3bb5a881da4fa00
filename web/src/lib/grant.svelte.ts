// Whose token this is: the role, and what it may. Until it is known everything is offered; the shop judges each act
// anyway.
import { ask } from './api';

export type Role = 'owner' | 'operator' | 'pricing' | 'finance' | 'fulfilment' | 'legal' | 'till' | 'viewer';

class Grant {
  role = $state<Role | ''>('');
  id = $state('');
  below_floor = $state(false);

  async read(token: string | null): Promise<void> {
    this.role = '';
    if (!token) return;
    try {
      const me = await ask<{ id?: string; role: Role; limits?: { override_below_floor?: boolean } }>('/v1/me');
      this.role = me.role;
      this.id = me.id ?? '';
      this.below_floor = me.limits?.override_below_floor ?? false;
    } catch {
      /* refused: the session ends by itself; no answer: the shop judges each act */
    }
  }

  /** Of "staff grt_1": whether it is who signed in here. */
  mine(who: string): boolean {
    return this.id !== '' && who.endsWith(` ${this.id}`);
  }

  may(...roles: Role[]): boolean {
    return this.role === '' || this.role === 'owner' || roles.includes(this.role);
  }
}

export const grant = new Grant();
