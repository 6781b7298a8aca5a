// Where the page is, in its address: a path below /console/ and the filters of what it shows. Every view is a link.
import { useEffect, useState } from "react";

export interface Route {
  path: string[]; // ["indicators", "indicator--…"]
  query: URLSearchParams;
}

const BASE = "/console/";
const MOVED = "tocsin:moved";

export function routeOf(location: { pathname: string; search: string }): Route {
  const below = location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length) : "";
  const path = below.split("/").filter((part) => part !== "");
  return { path: path.map(decoded), query: new URLSearchParams(location.search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function addressOf(path: string[], query?: URLSearchParams): string {
  const search = query?.toString() ?? "";
  return BASE + path.map(encodeURIComponent).join("/") + (search ? `?${search}` : "");
}

export function go(address: string, replace = false): void {
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  window.dispatchEvent(new Event(MOVED));
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(window.location));
  useEffect(() => {
    const moved = () => setRoute(routeOf(window.location));
    window.addEventListener("popstate", moved);
    window.addEventListener(MOVED, moved);
    return () => {
      window.removeEventListener("popstate", moved);
      window.removeEventListener(MOVED, moved);
    };
  }, []);
  return route;
}
