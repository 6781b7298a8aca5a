import { cleanup, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Administration } from "../../src/administration/route";
import { sectionsOf } from "../../src/administration/sections";
import { server, session, show } from "./server";

const route = (...path: string[]) => ({ path: ["administration", ...path], query: new URLSearchParams() });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the administration", () => {
  it("asks nothing for who has no role in it, and says so", () => {
    const asked = server({});
    show(<Administration route={route("credentials")} session={session("liaison")} />);
    expect(screen.getByText(/Nothing of it is for your roles \(liaison\)/)).toBeTruthy();
    expect(asked).toEqual([]);
  });

  it("begins with the first part that is for somebody's roles", () => {
    expect(sectionsOf(["admin"])[0]!.name).toBe("organisations");
    expect(sectionsOf(["liaison", "submitter"])).toEqual([]);
  });

  it("names the commands of what is not done in a browser", () => {
    server({});
    show(<Administration route={route("commands")} session={session("admin")} />);
    expect(screen.getByText("tocsind audit verify --checkpoints COPY")).toBeTruthy();
  });
});
