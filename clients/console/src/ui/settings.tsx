// How this browser shows things: colours, and whether times are UTC or local. Kept in the browser; nobody's secret.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

export type Theme = "system" | "light" | "dark";
export type Zone = "utc" | "local";

interface Settings {
  theme: Theme;
  zone: Zone;
  setTheme: (theme: Theme) => void;
  setZone: (zone: Zone) => void;
}

const Context = createContext<Settings | null>(null);

function kept<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
  const value = localStorage.getItem(`tocsin.${name}`);
  return allowed.find((one) => one === value) ?? otherwise;
}

export function SettingsProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState<Theme>(() => kept("theme", ["system", "light", "dark"], "system"));
  const [zone, setZone] = useState<Zone>(() => kept("zone", ["utc", "local"], "utc"));
  useEffect(() => {
    localStorage.setItem("tocsin.theme", theme);
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => localStorage.setItem("tocsin.zone", zone), [zone]);
  const value = useMemo(() => ({ theme, zone, setTheme, setZone }), [theme, zone]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSettings(): Settings {
  const settings = useContext(Context);
  if (settings === null) throw new Error("useSettings outside of its provider");
  return settings;
}
