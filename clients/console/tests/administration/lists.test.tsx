import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AllowLists, linesOf } from "../../src/administration/allow_lists";
import { Collections } from "../../src/administration/collections";
import { server, show } from "./server";

const LISTS = "GET /api/v1/admin/allow-lists";
const COLLECTIONS = "GET /api/v1/admin/collections";
const network = { id: "c1", alias: "network", title: "Network", description: "", default_tlp: "green", moderation: "off" };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("allow lists", () => {
  it("have an entry a line, whole", () => expect(linesOf(" 203.0.113.0/24\r\n\n Great Cloud Company \n")).toEqual(["203.0.113.0/24", "Great Cloud Company"]));

  it("say what they do where there is none", async () => {
    server({ [LISTS]: { allow_lists: [], most: 250_000 } });
    show(<AllowLists />);
    await screen.findByText("0 of 250,000 entries");
  });

  it("are changed by entries, and say how many were", async () => {
    const asked = server({ [LISTS]: { allow_lists: [], most: 9 }, "POST /api/v1/admin/allow-lists": { added: 2, removed: 0 } });
    show(<AllowLists />);
    fireEvent.change(screen.getByLabelText(/^Name of the list/), { target: { value: "cloud" } });
    fireEvent.change(screen.getByLabelText(/^Entries/), { target: { value: "203.0.113.0/24\nAS64500" } });
    fireEvent.click(screen.getByRole("button", { name: "Add 2 entries" }));
    await screen.findByText(/^cloud: 2 added, 0 removed/);
    expect(asked.find((one) => one.what.startsWith("POST"))!.body).toEqual({ name: "cloud", entries: ["203.0.113.0/24", "AS64500"] });
  });

  it("lose entries without being said a kind, and never everything by an empty field", async () => {
    const asked = server({ [LISTS]: { allow_lists: [], most: 9 }, "POST /api/v1/admin/allow-lists/remove": { added: 0, removed: 1 } });
    show(<AllowLists />);
    fireEvent.change(screen.getByLabelText(/^Name of the list/), { target: { value: "cloud" } });
    fireEvent.change(screen.getByLabelText("What to do"), { target: { value: "remove" } });
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Remove 0 entries" }).disabled).toBe(true);
    fireEvent.change(screen.getByLabelText(/^Entries/), { target: { value: "AS64500" } });
    fireEvent.click(screen.getByRole("button", { name: "Remove 1 entries" }));
    await waitFor(() => expect(asked.find((one) => one.what.startsWith("POST"))?.body).toEqual({ name: "cloud", entries: ["AS64500"] }));
  });
});

describe("collections", () => {
  it("have it set whose submissions wait", async () => {
    const asked = server({ [COLLECTIONS]: { collections: [network] }, "POST /api/v1/admin/collections/c1/moderation": { collection: "c1", moderation: "new" } });
    show(<Collections />);
    fireEvent.change(await screen.findByLabelText("Whose submissions to Network wait"), { target: { value: "new" } });
    fireEvent.click(screen.getByRole("button", { name: "Set for Network" }));
    await waitFor(() => expect(asked[1]?.body).toEqual({ moderation: "new" }));
  });

  it("are added, and it is said when one is refused", async () => {
    const asked = server({ [COLLECTIONS]: { collections: [] }, "POST /api/v1/admin/collections": "There is one of that title." });
    show(<Collections />);
    fireEvent.change(screen.getByLabelText("Title"), { target: { value: "Network" } });
    fireEvent.click(screen.getByRole("button", { name: "Add" }));
    await screen.findByText("There is one of that title.");
    expect(asked.find((one) => one.what.startsWith("POST"))!.body).toEqual({ title: "Network", default_tlp: "green" });
  });
});
