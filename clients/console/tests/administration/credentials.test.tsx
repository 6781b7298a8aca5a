import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Credential } from "../../src/administration/api";
import { bodyOf, limits, mistake, ordered, type Fields } from "../../src/administration/credential_words";
import { Credentials } from "../../src/administration/credentials";
import { server, session, show } from "./server";

const LIST = "GET /api/v1/admin/credentials";
const ORGANISATIONS = "GET /api/v1/admin/organisations";
const TOKEN = "tocsin_fedcba9876543210_secret";
const organisations = [{ name: "aurora", disabled: false }, { name: "gone", disabled: true }, { name: "theirs", disabled: false, origin: "ibis" }];
const one: Credential = {
  id: "0123456789abcdef", organisation: "hub", roles: ["admin"], label: "administrator", person: "", networks: [], collections: [], kinds: [], created: "2026-02-03T10:20:30Z",
  expires: null, max_tlp: null, dialect: "tlp2", revoked: null, state: "active", certificate: null,
};
const fields: Fields = { organisation: "aurora", roles: ["feed"], label: "", person: "", expires: "", max_tlp: "", networks: "", collections: "", kinds: "", certificate: "" };
const button = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("a new credential", () => {
  it("asks for no more than was filled in", () => {
    expect(bodyOf(fields, "token")).toEqual({ organisation: "aurora", roles: ["feed"] });
    expect(bodyOf({ ...fields, networks: "203.0.113.0/24, 2001:db8::/32", expires: "2027-01-31", certificate: " pin:1 " }, "certificate")).toEqual({
      organisation: "aurora", roles: ["feed"], networks: ["203.0.113.0/24", "2001:db8::/32"], expires: "2027-01-31T23:59:59Z", certificate: "pin:1",
    });
    expect(bodyOf({ ...fields, certificate: "pin:1" }, "token")).not.toHaveProperty("certificate");
  });

  it("says what is missing", () => {
    expect(mistake(fields, "token")).toBeNull();
    expect(mistake({ ...fields, organisation: "" }, "token")).toContain("organisation");
    expect(mistake({ ...fields, roles: [] }, "token")).toContain("role");
    expect(mistake(fields, "certificate")).toContain("pin:");
  });

  const make = async (kind: string) => {
    await screen.findByRole("option", { name: "aurora" });
    fireEvent.change(screen.getByLabelText("Organisation"), { target: { value: "aurora" } });
    fireEvent.change(screen.getByLabelText("What to make"), { target: { value: kind } });
    fireEvent.click(screen.getByRole("checkbox", { name: /^feed/ }));
    fireEvent.click(button("Make it"));
  };

  it("is for who may have one", async () => {
    server({ [LIST]: { credentials: [] }, [ORGANISATIONS]: { organisations } });
    show(<Credentials session={session("admin")} />);
    await screen.findByRole("option", { name: "aurora" });
    expect(screen.queryByRole("option", { name: "gone" })).toBeNull();
    expect(screen.queryByRole("option", { name: "theirs" })).toBeNull();
  });

  it("shows its token once, also when the list is not answered any more, and keeps it nowhere", async () => {
    const answers: Record<string, unknown> = { [LIST]: { credentials: [one] }, [ORGANISATIONS]: { organisations }, "POST /api/v1/admin/credentials": { token: TOKEN, remarks: ["It sees all collections."] } };
    const asked = server(answers);
    show(<Credentials session={session("admin")} />);
    await screen.findByRole("option", { name: "aurora" });
    answers[LIST] = "Not now.";
    await make("token");
    await screen.findByText(TOKEN);
    await screen.findByText("Not now.");
    expect(screen.getByText(TOKEN)).toBeTruthy();
    expect(screen.getByText("It sees all collections.")).toBeTruthy();
    expect(asked.find(({ what }) => what.startsWith("POST"))!.body).toEqual({ organisation: "aurora", roles: ["feed"] });
    expect(JSON.stringify({ ...localStorage, ...sessionStorage }) + window.location.href).not.toContain(TOKEN);
    fireEvent.click(button("I have it; forget it here"));
    expect(document.body.innerHTML).not.toContain(TOKEN);
  });

  it("is an invitation unless another is chosen", async () => {
    const asked = server({ [LIST]: { credentials: [] }, [ORGANISATIONS]: { organisations }, "POST /api/v1/admin/invitations": { invitation: TOKEN, until: "2026-02-04T10:20:30Z" } });
    show(<Credentials session={session("admin")} />);
    await make("invitation");
    await screen.findByText(TOKEN);
    expect(asked.some(({ what }) => what === "POST /api/v1/admin/invitations")).toBe(true);
  });
});

describe("credentials", () => {
  it("that end come last, the newest of the others first", () => {
    const list = [{ ...one, id: "a", state: "revoked", created: "2026-09" }, { ...one, id: "b", created: "2026-01" }, { ...one, id: "c", created: "2026-02" }];
    expect(ordered(list).map(({ id }) => id)).toEqual(["c", "b", "a"]);
  });

  it("say what narrows them", () => {
    expect(limits(one)).toEqual([]);
    expect(limits({ ...one, max_tlp: "green", networks: ["203.0.113.0/24"], collections: ["1"] })).toEqual(["up to TLP:GREEN", "from 203.0.113.0/24", "in 1 collection"]);
  });

  it("are revoked only after it was said whose they are, and that it is one's own", async () => {
    const asked = server({ [LIST]: { credentials: [one] }, [ORGANISATIONS]: { organisations }, [`POST /api/v1/admin/credentials/${one.id}/revoke`]: { id: one.id, revoked: true } });
    show(<Credentials session={session("admin")} />);
    fireEvent.click(await screen.findByRole("button", { name: `Revoke ${one.id}` }));
    expect(screen.getByText(/You are signed in with it/)).toBeTruthy();
    fireEvent.click(button(`Revoke ${one.id} for good`));
    await waitFor(() => expect(asked.some(({ what }) => what.endsWith("/revoke"))).toBe(true));
  });
});
