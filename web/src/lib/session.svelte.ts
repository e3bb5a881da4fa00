// The staff session: one bearer token, kept in sessionStorage of this tab and nowhere else. It may be pasted, or come
// in the fragment of a link (/#token=… or the one-time /#setup=…), which never reaches a server or a log. The
// fragment is removed from the address bar at once, so that it does not stay in the history.
const NAME = 'dropsmith.staff';

class Session {
  token = $state<string | null>(null);
  setup = $state<string | null>(null);
  note = $state('');

  restore(): void {
    try {
      this.token = sessionStorage.getItem(NAME);
    } catch {
      this.token = null;
    }
    this.from_fragment();
    addEventListener('hashchange', () => this.from_fragment());
  }

  from_fragment(): void {
    const found = /^#(setup|token)=([^&\s]+)$/.exec(location.hash);
    if (!found) return;
    const value = decodeURIComponent(found[2] ?? '');
    history.replaceState(null, '', location.pathname + location.search + '#/sell');
    if (found[1] === 'token') this.enter(value);
    else this.setup = value;
    dispatchEvent(new HashChangeEvent('hashchange'));
  }

  enter(token: string): void {
    const clean = token.trim();
    if (!clean) return;
    this.token = clean;
    this.note = '';
    try {
      sessionStorage.setItem(NAME, clean);
    } catch {
      /* a private window without storage: the token lives as long as the page */
    }
  }

  leave(): void {
    this.token = null;
    this.note = '';
    try {
      sessionStorage.removeItem(NAME);
    } catch {
      /* nothing was kept */
    }
  }

  /** The shop does not know this token (any more). */
  refused(): void {
    this.leave();
    this.note = 'The shop does not accept this token: it was mistyped, has ended, or belongs to another shop.';
  }
}

export const session = new Session();
