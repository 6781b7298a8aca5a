import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Audiences } from "../../src/administration/audiences";
import { server, show } from "./server";

const BOTH = { "GET /api/v1/admin/organisations": { organisations: [{ name: "aurora" }, { name: "borealis" }] } };
const LIST = "GET /api/v1/admin/audiences";
const ring = { name: "ring", marking: "marking-definition--1", epoch: 3, members: ["aurora"], releasable_to: [], proposals: [{ id: "p1", organisation: "borealis", proposed: "2026-02-03T10:20:30Z" }] };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("audiences", () => {
  it("tell their epoch, and who is proposed", async () => {
    server({ ...BOTH, [LIST]: { audiences: [ring] } });
    show(<Audiences />);
    await screen.findByText("epoch 3");
    expect(screen.getByText(/borealis, proposed/)).toBeTruthy();
  });

  it("lose a member only after what that does was shown", async () => {
    const what = "POST /api/v1/admin/audiences/ring/remove";
    const asked = server({ ...BOTH, [LIST]: { audiences: [ring] }, [what]: { name: "ring", removed: "aurora" } });
    show(<Audiences />);
    fireEvent.click(await screen.findByRole("button", { name: "Remove aurora from ring" }));
    expect(asked.some((one) => one.what === what)).toBe(false);
    fireEvent.click(screen.getByRole("button", { name: "Remove aurora now" }));
    await waitFor(() => expect(asked.find((one) => one.what === what)?.body).toEqual({ organisation: "aurora" }));
  });

  it("say why an approval was refused", async () => {
    server({ ...BOTH, [LIST]: { audiences: [ring] }, "POST /api/v1/admin/audience-proposals/p1/approve": "Another administrator approves it." });
    show(<Audiences />);
    fireEvent.click(await screen.findByRole("button", { name: "Approve borealis for ring" }));
    fireEvent.click(screen.getByRole("button", { name: "Approve borealis" }));
    await screen.findByText("Another administrator approves it.");
  });

  it("are of organisations or of authorities, never of both", async () => {
    const asked = server({ ...BOTH, [LIST]: { audiences: [] }, "POST /api/v1/admin/audiences": ring });
    show(<Audiences />);
    fireEvent.change(await screen.findByLabelText("Name"), { target: { value: "to-xa" } });
    fireEvent.click(screen.getByRole("checkbox", { name: "aurora" }));
    fireEvent.change(screen.getByLabelText(/^Codes of authorities/), { target: { value: "XA, XB" } });
    expect(screen.queryByRole("checkbox")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Add" }));
    await waitFor(() => expect(asked.find((one) => one.what.startsWith("POST"))?.body).toEqual({ name: "to-xa", releasable_to: ["XA", "XB"] }));
  });
});
