#include <nlohmann/json.hpp>

#include "schema/core/bytes.hpp"
#include "schema/stix/object.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::stix {
namespace {

// The identifier that the examples of the specification print for these properties. Errata 01 printed new identifiers
// for addresses and directories but kept those of the objects that refer to them, so references here are the earlier
// ones.
void check_example(std::string const& id, std::string const& properties) {
  auto object = Json::parse(properties);
  object["type"] = id.substr(0, id.find("--"));
  INFO(id << " " << properties);
  auto const key = deterministic_id(object);
  REQUIRE(key.has_value());
  CHECK(core::to_text(*key) == id.substr(id.find("--") + 2));
}

TEST_CASE("deterministic identifiers are those of the examples of STIX 2.1", "[stix][object]") {
  check_example("autonomous-system--3aa27478-50b5-5ab8-9da9-cdc12b657fff",
                R"({"number":15139,"name":"Slime Industries"})");
  check_example("directory--0a58d0c1-59e6-5afd-8252-dcd3f13e5622", R"({"path":"C:\\Windows\\System32"})");
  check_example("domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7", R"({"value":"example.com"})");
  check_example("email-addr--7165e2a9-671f-585d-b1e1-ca59c671d934",
                R"({"value":"john@example.com","display_name":"John Doe"})");
  check_example(
      "email-message--92fa1bfd-2c62-5a30-8b7c-5b91ea73cf29",
      R"({"from_ref":"email-addr--89f52ea8-d6ef-51e9-8fce-6a29236436ed","is_multipart":false,"subject":"Saying Hello"})");
  check_example("ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", R"({"value":"198.51.100.3"})");
  check_example("ipv4-addr--1ea47840-aa39-5aa8-b4a2-cd203eb6662a", R"({"value":"198.51.100.0/24"})");
  check_example("ipv6-addr--85a85a8c-ee99-5722-946d-3c3a3270fc6f",
                R"({"value":"2001:0db8:85a3:0000:0000:8a2e:0370:7334"})");
  check_example("ipv6-addr--084d3b4c-7785-568a-a569-0c61c95754ab", R"({"value":"2001:0db8::/96"})");
  check_example("mac-addr--757b1725-9903-54f5-a855-1240691d7659", R"({"value":"d2:fb:49:24:37:18"})");
  check_example("mutex--f93fe911-e545-5239-b9b0-597840d0c871", R"({"name":"__CLEANSWEEP__"})");
  check_example(
      "software--710b0b41-d4d0-5d6c-a400-fc9254554ffc",
      R"({"name":"Word","cpe":"cpe:2.3:a:microsoft:word:2000:*:*:*:*:*:*:*","version":"2002","vendor":"Microsoft"})");
  check_example("url--47c3cf9a-5027-5bf0-997a-017c7edc7c55", R"({"value":"https://example.com/research/index.html"})");
  check_example("user-account--f94d689e-707d-58c3-b803-c720bb6ed096",
                R"({"user_id":"1001","account_login":"jdoe","account_type":"unix","display_name":"John Doe"})");
  check_example("windows-registry-key--1884b770-b679-522a-a9c7-45fadaaec7bb",
                R"({"key":"HKEY_LOCAL_MACHINE\\System\\Foo\\Bar"})");
  check_example(
      "windows-registry-key--f6a11ddf-fa2b-54c8-97ab-e7f28413095a",
      R"({"key":"hkey_local_machine\\system\\bar\\foo","values":[{"name":"Foo","data":"qwerty","data_type":"REG_SZ"},
                    {"name":"Bar","data":"42","data_type":"REG_DWORD"}]})");
  check_example("x509-certificate--bf86f034-2390-54d7-8426-d08433db3fbe",
                R"({"serial_number":"36:f7:d4:32:f4:ab:70:ea:d3:ce:98:6e:ea:99:93:49:32:0a:b7:06"})");
}

TEST_CASE("deterministic identifiers of files and traffic are those of the examples of STIX 2.1", "[stix][object]") {
  check_example(
      "file--949eb97a-da1e-5292-8959-03c4249dc9f3",
      R"({"hashes":{"SHA-256":"fe90a7e910cb3a4739bed9180e807e93fa70c90f25a8915476f5e4bfbac681db"},"size":25536,
                    "name":"foo.dll"})");
  check_example("file--39643577-13b7-5f21-9584-df7e7c33f357",
                R"({"hashes":{"SHA-256":"ceafbfd424be2ca4a5f0402cae090dda2fb0526cf521b60b60077c0f622b285a"},
                    "parent_directory_ref":"directory--93c0a9b0-520d-545d-9094-1a08ddf46b05","name":"qwerty.dll"})");
  check_example("file--ba04c974-3cef-5f42-adc7-084d467874e2",
                R"({"hashes":{"SHA-256":"35a01331e9ad96f751278b891b6ea09699806faedfa237d40513d92ad1b7100f"},
                    "extensions":{"ntfs-ext":{"alternate_data_streams":[{"name":"second.stream","size":25536}]}}})");
  check_example("file--66772174-3442-5e0d-b577-4bd7be55fb87",
                R"({"hashes":{"SHA-256":"4bac27393bdd9777ce02453256c5577cd02275510b2227f473d03f533924f877"},
                    "name":"picture.jpg","extensions":{"raster-image-ext":{"exif_tags":{"Make":"Nikon","Model":"D7000",
                    "XResolution":4928,"YResolution":3264}}}})");
  check_example("file--7d1e3a18-89e7-5bc5-be36-9879f5b7f5c8",
                R"({"hashes":{"SHA-256":"841a8921140aba50671ebb0770fecc4ee308c4952cfeff8de154ab14eeef4649"},
                    "name":"quêry.dll","name_enc":"windows-1252"})");
  check_example("network-traffic--6e0cb830-0305-57d4-8536-7be874d42005",
                R"({"src_ref":"ipv4-addr--4d22aae0-2bf9-5427-8819-e4f6abf20a53",
                    "dst_ref":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","protocols":["tcp"]})");
  check_example("network-traffic--c695ada6-5d5d-5446-a661-935874e1d058",
                R"({"dst_ref":"domain-name--3c10e93f-798e-5a26-a0c1-08156efab7f5","protocols":["ipv4","tcp","http"]})");
  check_example("network-traffic--59d8852c-0c68-5e0c-8ae2-f3c46bd7b1df",
                R"({"src_ref":"ipv4-addr--4d22aae0-2bf9-5427-8819-e4f6abf20a53","src_port":223,"protocols":["ip","tcp"],
                    "extensions":{"socket-ext":{"is_listening":true,"address_family":"AF_INET",
                    "socket_type":"SOCK_STREAM"}}})");
}

TEST_CASE("one hash stands for all of them, by order of preference", "[stix][object]") {
  auto file = Json::parse(R"({"type":"file","hashes":{"MD5":"a","SHA-1":"b","SHA-256":"c","SHA-512":"d","AAA":"e"}})");
  for (auto const* algorithm : {"MD5", "SHA-1", "SHA-256", "SHA-512", "AAA"}) {
    Json const alone{{"type", "file"}, {"hashes", {{algorithm, file["hashes"][algorithm]}}}};
    CHECK(deterministic_id(file) == deterministic_id(alone));
    file["hashes"].erase(algorithm);
  }
}

TEST_CASE("an observable of our definitions has a deterministic identifier, where it names its definition",
          "[stix][object]") {
  auto canary =
      Json::parse(R"({"type":"llm-canary","scheme":"salted-sha256","commitment":"x","canary_type":"honeytoken",
      "extensions":{"extension-definition--ac503c2e-2b24-4676-ae0a-ad621a778aea":{"extension_type":"new-sco"}}})");
  auto const key = deterministic_id(canary);
  REQUIRE(key);
  CHECK(*key == uuid_v5(*core::parse_uuid("00abedb4-aa42-466c-9c01-fed23315a9b7"),
                        R"({"commitment":"x","scheme":"salted-sha256"})"));
  canary["canary_type"] = "trap-prompt";
  CHECK(deterministic_id(canary) == key);
  canary["commitment"] = "y";
  CHECK(deterministic_id(canary) != key);
  canary.erase("extensions");
  CHECK_FALSE(deterministic_id(canary));
}

TEST_CASE("there is no deterministic identifier without contributing properties", "[stix][object]") {
  CHECK_FALSE(deterministic_id(Json::parse(R"({"type":"process","pid":1})")));
  CHECK_FALSE(deterministic_id(Json::parse(R"({"type":"user-account","display_name":"x"})")));
  CHECK_FALSE(deterministic_id(Json::parse(R"({"type":"indicator","name":"x"})")));
  CHECK_FALSE(deterministic_id(Json::parse(R"({"type":"llm-canary","commitment":"x"})")));
  CHECK_FALSE(deterministic_id(Json::parse(R"({"number":1})")));
  CHECK_FALSE(deterministic_id(Json::parse(R"([1])")));
}

}  // namespace
}  // namespace tocsin::stix
