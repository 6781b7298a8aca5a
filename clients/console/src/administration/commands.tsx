// What nobody does over HTTPS, or what the console has no page for, and the command that does it.
import { Table } from "../ui/table";

const COMMANDS: readonly (readonly [string, string, string])[] = [
  ["Compare the audit trail with a copy of its checkpoints", "tocsind audit verify --checkpoints COPY", "Only a copy that somebody else keeps shows that the trail was not rewritten."],
  ["Export the audit trail, also for counsel", "tocsind audit export FOLDER --for counsel", "With what verifies it by OpenSSL and Python alone."],
  ["Fill an allow list from a file", "tocsind allow import NAME FILE", "MISP warning lists, too. Their entries are not shown by any command or answer."],
  ["Deny the key of a client certificate for good", "tocsind certificate deny PIN", "Nothing takes it back, so it is not one press of a button."],
  ["Invite, pause, resume or remove a peer", "tocsind peer --help", "The fingerprint is compared by telephone; agreements are files on the server."],
  ["Destroy what was stored under an id", "tocsind erase --help", "For good. Backups are not touched."],
  ["See what is due by retention", "tocsind retention", "The rules are in the configuration."],
  ["Change the key of the log", "tocsind key --help", "Peers follow it by a statement that both keys sign."],
  ["Back up, restore", "tocsind backup, tocsind restore", "A restored instance is sealed until somebody unseals it."],
];

export function Commands() {
  return (
    <section aria-labelledby="commands">
      <h2 id="commands">On the server</h2>
      <p>What is not done in the browser is done on the machine of the instance, with the directory of its data (<code>--dir D</code>).</p>
      <Table label="Commands" head={["What", "Command", "Why there"]}>
        {COMMANDS.map(([what, command, why]) => (
          <tr key={command}>
            <th scope="row">{what}</th>
            <td>
              <code>{command}</code>
            </td>
            <td>{why}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
