import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The server's policy allows what lies at its own origin and nothing inline: no data: scripts, styles or modules.
export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: "es2022" },
  test: { environment: "jsdom", include: ["tests/**/*.test.{ts,tsx}"], setupFiles: ["tests/browser_globals.ts"] },
});
