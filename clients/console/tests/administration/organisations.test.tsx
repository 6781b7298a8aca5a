import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Organisations } from "../../src/administration/organisations";
import { server, show } from "./server";

const LIST = "GET /api/v1/admin/organisations";
const one = { name: "aurora", type: "lab", clearance: "amber", identity: "identity--1", authority: "", disabled: false, standing: "", created: "2026-02-03T10:20:30Z" };
const button = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("organisations", () => {
  it("are disabled only after what that does was shown", async () => {
    const asked = server({ [LIST]: { organisations: [one] }, "POST /api/v1/admin/organisations/aurora/disable": { name: "aurora", disabled: true } });
    show(<Organisations />);
    fireEvent.click(await screen.findByRole("button", { name: "Disable aurora" }));
    expect(document.activeElement?.textContent).toContain("All credentials of aurora stop working");
    expect(asked).toHaveLength(1);
    fireEvent.click(button("Leave it as it is"));
    fireEvent.click(button("Disable aurora"));
    fireEvent.click(button("Disable aurora now"));
    await waitFor(() => expect(asked.map(({ what }) => what)).toEqual([LIST, "POST /api/v1/admin/organisations/aurora/disable", LIST]));
  });

  it("that speak at a peer are let in as the peer is, and may be trusted", async () => {
    server({ [LIST]: { organisations: [{ ...one, name: "ibis", origin: "ibis.example" }] } });
    show(<Organisations />);
    await screen.findByText(/speaks at ibis.example/);
    expect(screen.queryByRole("button", { name: /ibis/ })).toBeNull();
    expect(screen.getByLabelText("Whether what ibis submits waits")).toBeTruthy();
  });

  it("say why a change was refused, and stay as they are", async () => {
    server({ [LIST]: { organisations: [one] }, "POST /api/v1/admin/organisations/aurora/disable": "Ask another administrator." });
    show(<Organisations />);
    fireEvent.click(await screen.findByRole("button", { name: "Disable aurora" }));
    fireEvent.click(button("Disable aurora now"));
    await screen.findByText("Ask another administrator.");
    expect(button("Disable aurora now")).toBeTruthy();
  });

  it("have their standing set by a button, not by choosing", async () => {
    const asked = server({ [LIST]: { organisations: [one] }, "POST /api/v1/admin/organisations/aurora/standing": { name: "aurora", standing: "trusted" } });
    show(<Organisations />);
    fireEvent.change(await screen.findByLabelText("Whether what aurora submits waits"), { target: { value: "trusted" } });
    expect(asked).toHaveLength(1);
    fireEvent.click(button("Set for aurora"));
    await waitFor(() => expect(asked[1]).toEqual({ what: "POST /api/v1/admin/organisations/aurora/standing", body: { standing: "trusted" } }));
  });

  it("are added with no more than was filled in, and an authority only of a government", async () => {
    const asked = server({ [LIST]: { organisations: [] }, "POST /api/v1/admin/organisations": { ...one, name: "cassini" } });
    show(<Organisations />);
    await screen.findByText(/There is none yet/);
    fireEvent.change(screen.getByLabelText("Name"), { target: { value: "cassini" } });
    expect(screen.queryByLabelText(/^Code of its authority/)).toBeNull();
    fireEvent.change(screen.getByLabelText("Type"), { target: { value: "government" } });
    fireEvent.change(screen.getByLabelText(/^Code of its authority/), { target: { value: "XA" } });
    fireEvent.click(button("Add"));
    await screen.findByText(/^cassini was added/);
    expect(asked[1]!.body).toEqual({ name: "cassini", type: "government", clearance: "amber", authority: "XA" });
  });
});
