/**
 * Who may talk to the headless server: whoever was given the token, from a page of this server. Host and Origin
 * are checked as well, since any web page can make a browser send requests to 127.0.0.1.
 */
import { timingSafeEqual } from 'node:crypto';

export interface Gate {
  port: number;
  token: string;
}

/** The parts of a request that decide. */
export interface Caller {
  host: string | undefined;
  origin: string | undefined;
  cookie: string | undefined;
  authorization: string | undefined;
  /** The `token` of the URL's query. */
  queryToken: string | null;
}

export type Verdict =
  | { kind: 'allowed' }
  /** The right token in the URL: it moves to a cookie, so that it stays out of the history and of referrers. */
  | { kind: 'welcome' }
  | { kind: 'refused'; status: 401 | 403; message: string; hint: string };

/** Cookies do not know ports: two servers on one machine must not overwrite each other's. */
export const cookieName = (port: number): string => `selvedge-${port}`;

export function judge(caller: Caller, { port, token }: Gate): Verdict {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!caller.host || !hosts.includes(caller.host)) {
    return {
      kind: 'refused',
      status: 403,
      message: `This server does not answer to the host name ${caller.host ?? '(none)'}.`,
      hint: `Open it as http://127.0.0.1:${port}. Through an SSH tunnel, use the same port on both sides: ssh -L ${port}:127.0.0.1:${port} <machine>`,
    };
  }
  if (caller.origin !== undefined && !hosts.some((host) => caller.origin === `http://${host}`)) {
    return {
      kind: 'refused',
      status: 403,
      message: `Requests from pages of ${caller.origin} are refused.`,
      hint: `Only pages of http://127.0.0.1:${port} may use this server.`,
    };
  }
  if (caller.queryToken !== null && equal(caller.queryToken, token)) return { kind: 'welcome' };
  const given = [bearer(caller.authorization), cookie(caller.cookie, cookieName(port))];
  if (given.some((value) => value !== undefined && equal(value, token))) return { kind: 'allowed' };
  return {
    kind: 'refused',
    status: 401,
    message: 'This server wants the token it printed when it started.',
    hint: 'Open the complete address from the terminal, the part after ?token= included.',
  };
}

function bearer(authorization: string | undefined): string | undefined {
  return authorization?.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : undefined;
}

function cookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}

/** Takes the same time wherever the two differ. */
function equal(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
