// Requests to the server that this page came from, in the session of the browser's cookie. Nothing is asked of any other
// host, and no token is kept: the one that signs in is sent once.
import type { ConsoleSession, Problem } from "./types";

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

// Who listens is told that nobody is signed in any more.
type Ended = () => void;
let ended: Ended = () => {};
export function onSessionEnded(listener: Ended): void {
  ended = listener;
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = {
    title: "The server answered what the console does not understand",
    status: response.status,
    detail: `The answer's status is ${response.status}. Try again in a moment.`,
    code: "unknown",
  };
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? { ...fallback, ...body } : fallback;
  } catch {
    return fallback;
  }
}

interface More {
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  body?: string;
}

async function send(method: string, path: string, { headers, signal, body }: More = {}) {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { "X-Tocsin-Console": "1", ...headers },
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      ...(signal ? { signal } : {}),
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused({
      title: "The server does not answer",
      status: 0,
      detail: "The server does not answer. Look whether you are still connected to its network, then try again.",
      code: "unreachable",
    });
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (response.status === 401 && path !== SESSION) ended();
  throw new Refused(problem);
}

const SESSION = "/console/session";

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send("GET", path, { headers: { Accept: "application/json" }, signal })).json() as Promise<T>;
}

const TAXII = "application/taxii+json;version=2.1";

export async function getTaxii<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send("GET", path, { headers: { Accept: TAXII }, signal })).json() as Promise<T>;
}

export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  return (await send("GET", path, { signal })).text();
}

export async function post<T>(parts: string[], query: Record<string, string>, type: string, body: string, more: Record<string, string> = {}): Promise<T> {
  const headers = { "Content-Type": type, Accept: "application/json", ...more };
  return (await send("POST", pathOf(parts, query), { headers, body })).json() as Promise<T>;
}

// null: nobody is.
export async function whoIsSignedIn(): Promise<ConsoleSession | null> {
  try {
    return await getJson<ConsoleSession>(SESSION);
  } catch (error) {
    if (error instanceof Refused && (error.problem.status === 401 || error.problem.status === 404)) return null;
    throw error;
  }
}

// `token`: null signs in by the certificate that the browser shows.
export async function signIn(token: string | null): Promise<ConsoleSession> {
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  return (await send("POST", SESSION, { headers })).json() as Promise<ConsoleSession>;
}

export async function signOut(): Promise<void> {
  await send("DELETE", SESSION);
}

// A path with what is foreign in it escaped.
export function pathOf(parts: string[], query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `/${parts.map(encodeURIComponent).join("/")}${search ? `?${search}` : ""}`;
}
