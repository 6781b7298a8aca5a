"""Certificate authorities of tests, by the openssl command line: certificates, chains, revocation lists."""
import hashlib
import pathlib
import subprocess
import time


def openssl(*words, **options):
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, **options).stdout


class Certificate:
    """`file` holds the certificate and what lies between it and its authority; `pin` is the SHA-256 of its key."""

    def __init__(self, file, key, serial):
        self.file, self.key, self.serial = file, key, serial
        public = openssl("pkey", "-pubin", "-outform", "DER", input=openssl("x509", "-in", file, "-pubkey", "-noout"))
        self.pin = hashlib.sha256(public).hexdigest()


class Authority:
    def __init__(self, folder, name="clients", above=None):
        self.folder, self.name, self.above = pathlib.Path(folder), name, above
        self.file, self.key = self.folder / f"{name}-ca.crt", self.folder / f"{name}-ca.key"
        self.serial, self.revoked = 16, []
        extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
        if above is None:
            words = [word for line in extensions.splitlines() for word in ("-addext", line)]
            openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.key, "-out", self.file,
                    "-days", 30, "-subj", f"/CN={name} authority", *words, "-config", self.config())
        else:
            above.sign(self.file, self.key, f"/CN={name} authority", extensions)

    def config(self):
        file = self.folder / "openssl.cnf"
        file.write_text("[req]\ndistinguished_name = dn\n[dn]\n")
        return file

    def sign(self, file, key, subject, extensions):
        self.serial += 1
        if not key.exists():
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
        request = openssl("req", "-new", "-key", key, "-subj", subject, "-config", self.config())
        wanted = self.folder / "extensions.cnf"
        wanted.write_text(extensions)
        openssl("x509", "-req", "-CA", self.file, "-CAkey", self.key, "-set_serial", self.serial, "-days", 30, "-extfile", wanted, "-out", file,
                input=request)
        return self.serial

    def chain(self):
        """What a client sends besides its own certificate: all authorities but the root."""
        return "" if self.above is None else self.file.read_text() + self.above.chain()

    def issue(self, name, san=None, usage="clientAuth", subject=None, key_of=None):
        """A client's certificate, for a subjectAltName as openssl writes it; with the key of another one, if given."""
        file, key = self.folder / f"{name}.crt", key_of.key if key_of else self.folder / f"{name}.key"
        extensions = "basicConstraints=critical,CA:FALSE\n" + (f"extendedKeyUsage={usage}\n" if usage else "") + (f"subjectAltName={san}\n" if san else "")
        serial = self.sign(file, key, subject or f"/CN={name}", extensions)
        file.write_text(file.read_text() + self.chain())
        return Certificate(file, key, serial)

    def revoke(self, *certificates):
        self.revoked += [certificate.serial for certificate in certificates]

    def revocation_list(self, ended=False):
        """In PEM; good for an hour, or `ended` a minute ago."""
        stamp = lambda seconds: time.strftime("%y%m%d%H%M%SZ", time.gmtime(time.time() + seconds))
        index, config = self.folder / f"{self.name}-index.txt", self.folder / f"{self.name}-ca.cnf"
        index.write_text("".join(f"R\t{stamp(86_400)}\t{stamp(-3_600)}\t{serial:02X}\tunknown\t/CN=x\n" for serial in self.revoked))
        config.write_text(f"[ca]\ndefault_ca = it\n[it]\ndatabase = {index}\ndefault_md = sha256\n")
        return openssl("ca", "-config", config, "-gencrl", "-cert", self.file, "-keyfile", self.key, "-crl_lastupdate", stamp(-7_200),
                       "-crl_nextupdate", stamp(-60 if ended else 3_600)).decode()
