#!/usr/bin/env python3
"""Each rule of house_rules.py can fail, and does not fail on what is allowed."""

import tempfile
import unittest
from pathlib import Path

from house_rules import breaches

ROOMS = """
schema/core:  -
schema/stix:  schema/core
server/base:  schema/core
server/http:  schema/core server/base
server/store: schema server/base
server/feeds: schema server/base
server/app:   *
clients/cpp:  schema server/http/client.hpp
"""


class HouseRules(unittest.TestCase):
    def check(self, files: dict[str, str], excuses: str = "") -> list[str]:
        """What the rules say about a tree of these files; every .cpp is listed for the build unless a test says otherwise."""
        with tempfile.TemporaryDirectory() as folder:
            sources = " ".join(name for name in files if name.endswith(".cpp"))
            for name, text in {"CMakeLists.txt": f"add_library(all {sources})\n", **files}.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return [f"{name}:{line}: {what}" for name, line, what in breaches(Path(folder), ROOMS, excuses)]

    def refuses(self, name: str, text: str, words: str, line: int = 1) -> None:
        found = self.check({name: text})
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{name}:{line}: "), found[0])
        self.assertIn(words, found[0])

    def allows(self, name: str, text: str) -> None:
        self.assertEqual(self.check({name: text}), [])

    def test_a_room_includes_only_what_its_row_allows(self) -> None:
        self.refuses("schema/core/a.cpp", '\n#include "schema/stix/b.hpp"\n', "schema/core may not include", line=2)
        self.refuses("server/base/a.hpp", '#include "server/http/b.hpp"\n', "server/base may not include")
        self.refuses("server/store/sqlite/a.cpp", '#include "server/http/b.hpp"\n', "server/store may not include")
        self.refuses("server/base/a.cpp", '#include "tests/support/b.hpp"\n', "server/base may not include")
        self.refuses("clients/cpp/a.cpp", '#include "server/http/server.hpp"\n', "clients/cpp may not include")
        self.allows("clients/cpp/a.cpp", '#include "server/http/client.hpp"\n#include "schema/stix/b.hpp"\n')
        self.allows("server/http/a.cpp", '#include "server/http/b.hpp"\n#include "server/base/c.hpp"\n')
        self.allows("server/app/a.cpp", '#include "server/store/b.hpp"\n')
        self.allows("tests/unit/core/a_test.cpp", '#include "server/store/b.hpp"\n')

    def test_a_commented_include_is_no_include(self) -> None:
        self.allows("schema/core/a.cpp", '// #include "schema/stix/b.hpp"\n/*\n#include "schema/stix/b.hpp"\n*/\n')

    def test_includes_are_relative_to_the_root(self) -> None:
        self.refuses("server/base/a.cpp", '#include "b.hpp"\n', "not relative to the root")

    def test_a_new_room_needs_a_row(self) -> None:
        self.refuses("server/attic/a.cpp", "int a;\n", "no row in tests/arch/rooms.txt")

    def test_sqlite_is_seen_only_in_its_store(self) -> None:
        self.refuses("server/store/a.cpp", "#include <sqlite3.h>\n", "sqlite3.h")
        self.allows("server/store/sqlite/a.cpp", "#include <sqlite3.h>\n")

    def test_postgresql_is_seen_only_in_its_store(self) -> None:
        self.refuses("server/store/sqlite/a.cpp", "#include <libpq-fe.h>\n", "libpq-fe.h")
        self.refuses("server/app/a.cpp", "#include <postgresql/libpq-fe.h>\n", "libpq-fe.h")
        self.allows("server/store/postgres/a.cpp", "#include <libpq-fe.h>\n")

    def test_beast_and_tls_are_seen_only_in_http(self) -> None:
        self.refuses("server/app/a.cpp", "#include <boost/beast/core.hpp>\n", "Beast")
        self.refuses("server/app/a.cpp", "#include <boost/asio/ssl/stream.hpp>\n", "SSL")
        self.refuses("clients/cpp/a.cpp", "#include <openssl/ssl.h>\n", "openssl/ssl.h")
        self.allows("server/http/a.cpp", "#include <boost/beast/http.hpp>\n#include <openssl/ssl.h>\n")
        self.allows("cmake/beast.cpp", "#include <boost/beast/src.hpp>\n")

    def test_a_type_has_one_definition_in_its_namespace(self) -> None:
        text = "namespace tocsin::client {\nclass Seen final : public Base {\n};\n}\n"
        found = self.check({"server/http/client.hpp": text, "clients/cpp/a.hpp": text})
        self.assertEqual(found, ["server/http/client.hpp:2: tocsin::client has a Seen already, in clients/cpp/a.hpp"])
        other = text.replace("client", "server")
        self.assertEqual(self.check({"server/http/client.hpp": other, "clients/cpp/a.hpp": text + "class Seen;\n"}), [])

    def test_the_test_framework_has_one_includer(self) -> None:
        self.refuses("tests/unit/core/a_test.cpp", "#include <catch2/catch.hpp>\n", "catch.hpp")
        self.allows("tests/support/catch.hpp", "#include <catch2/catch.hpp>\n")

    def test_regex_is_used_nowhere(self) -> None:
        self.refuses("tests/unit/core/a_test.cpp", "#include <regex>\n", "<regex>")

    def test_the_clock_is_read_only_in_base(self) -> None:
        self.refuses("server/app/a.cpp", "auto t = std::chrono::system_clock::now();\n", "base::Clock")
        self.allows("server/base/a.cpp", "auto t = std::chrono::system_clock::now();\n")
        self.allows("server/app/a.cpp", "// never system_clock::now\nauto s = \"system_clock::now\";\n")

    def test_coroutines_stay_in_their_rooms(self) -> None:
        self.refuses("server/feeds/a.cpp", "void f() { co_await g(); }\n", "coroutines live in")
        self.refuses("server/feeds/a.hpp", "boost::asio::awaitable<int> f();\n", "coroutines live in")
        self.refuses("server/feeds/a.hpp", "http::Awaitable<int> f();\n", "coroutines live in")
        self.refuses("server/store/a.cpp", "void f() { co_return; }\n", "coroutines live in")
        self.allows("server/store/bridge.hpp", "boost::asio::awaitable<int> f();\n")
        self.allows("server/app/a.cpp", "void f() { co_await g(); }\n")

    def test_headers_only_forward_declare_json(self) -> None:
        self.refuses("server/base/a.hpp", "#include <nlohmann/json.hpp>\n", "json_fwd.hpp")
        self.allows("server/base/a.cpp", "#include <nlohmann/json.hpp>\n")
        self.allows("server/base/a.hpp", "#include <nlohmann/json_fwd.hpp>\n")

    def test_a_long_file_needs_a_reason(self) -> None:
        text = "int a;\n" * 401
        self.refuses("server/base/a.cpp", text, "more than 400", line=401)
        self.assertEqual(self.check({"server/base/a.cpp": text}, "server/base/a.cpp: one table\n"), [])
        self.assertEqual(len(self.check({"server/base/a.cpp": text}, "server/base/a.cpp:\n")), 1)
        self.assertEqual(len(self.check({"server/base/a.cpp": "int a;\n"}, "server/base/a.cpp: one table\n")), 1)

    def test_folder_names_say_something(self) -> None:
        for name in ("common", "misc", "helpers", "v2"):
            self.assertEqual(len(self.check({f"server/base/{name}/a.hpp": "int a;\n"})), 1, name)

    def test_every_source_is_built(self) -> None:
        self.assertEqual(len(self.check({"CMakeLists.txt": "# a.cpp\n", "server/base/a.cpp": "int a;\n"})), 1)
        for listed in ("a.cpp", "${CMAKE_CURRENT_SOURCE_DIR}/a.cpp", "${PROJECT_SOURCE_DIR}/server/base/a.cpp"):
            files = {"CMakeLists.txt": "", "server/base/CMakeLists.txt": f"room(base {listed})\n", "server/base/a.cpp": "int a;\n"}
            self.assertEqual(self.check(files), [], listed)

    def test_a_fuzz_target_has_seeds(self) -> None:
        cmake = "fuzz_target(json_fuzz SOURCE json_fuzz.cpp ROOMS schema_stix)\n"
        files = {"tests/fuzz/CMakeLists.txt": cmake, "tests/fuzz/json_fuzz.cpp": "int a;\n"}
        self.assertEqual(len(self.check(files)), 1)
        self.assertEqual(self.check({**files, "tests/fuzz/seeds/json_fuzz/empty.json": ""}), [])

    def test_text_is_finished_and_names_no_workplace(self) -> None:
        self.refuses("docs/a.md", "one\nTODO: two\n", "TODO", line=2)
        self.refuses("server/base/a.cpp", "// FIXME\n", "FIXME")
        # In two parts, so that this file names no such place itself.
        self.refuses("scripts/a", "cd /wo" + "rk/main\n", "outside the project")
        self.refuses("docs/a.md", "see shared/" + "research/tls.md\n", "outside the project")
        self.refuses("server/base/a.cpp", '// "../shared/data"\n', "for tests")
        self.allows("tests/unit/core/a_test.cpp", 'auto p = "../shared/data";\n')
        self.allows("docs/a.md", "the network/workers of /workshop\n")


if __name__ == "__main__":
    unittest.main()
