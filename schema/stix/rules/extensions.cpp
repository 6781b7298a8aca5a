#include "schema/stix/rules/extensions.hpp"

#include "schema/stix/rules/common.hpp"

namespace tocsin::stix::rules {
namespace {

template <class... Text>
constexpr auto integers(Text... name) {
  return rows(Property{name, integer()}...);
}

template <class... Text>
constexpr auto amounts(Text... name) {  // that must not be negative
  return rows(Property{name, integer(0)}...);
}

template <class... Text>
constexpr auto hexes(Text... name) {
  return rows(Property{name, text(kHex)}...);
}

constexpr auto kFileName = names("file");
constexpr auto kArtifactName = names("artifact");
constexpr auto kArchivedNames = names("file", "directory");
constexpr Targets kFileOnly{.types = kFileName};
constexpr Targets kArtifactOnly{.types = kArtifactName};
constexpr Targets kArchived{.types = kArchivedNames};

constexpr std::array kSomeRules{some_property()};
constexpr std::array kPeRules{some_property("pe_type")};

// --- file -----------------------------------------------------------------------------------------------------------

constexpr auto kArchive =
    table(rows(Property{"contains_refs", list(reference(kArchived)), Need::required}), texts("comment"));

constexpr auto kStreamRows =
    table(rows(Property{"name", text(), Need::required}, Property{"hashes", hashes()}, Property{"size", integer(0)}));
constexpr Shape kStream{"alternate data stream", kStreamRows};
constexpr auto kNtfs = table(texts("sid"), rows(Property{"alternate_data_streams", list(structure(kStream))}));

constexpr auto kPdf =
    table(texts("version", "pdfid0", "pdfid1"),
          rows(Property{"is_optimized", boolean()}, Property{"document_info_dict", dictionary(Entries::text)}));

constexpr auto kRasterImage = table(integers("image_height", "image_width", "bits_per_pixel"),
                                    rows(Property{"exif_tags", dictionary(Entries::text_or_integer)}));

constexpr auto kPeHeaderRows =
    table(hexes("magic_hex", "win32_version_value_hex", "checksum_hex", "subsystem_hex", "dll_characteristics_hex",
                "loader_flags_hex"),
          integers("major_linker_version", "minor_linker_version", "address_of_entry_point", "base_of_code",
                   "base_of_data", "image_base", "section_alignment", "file_alignment", "major_os_version",
                   "minor_os_version", "major_image_version", "minor_image_version", "major_subsystem_version",
                   "minor_subsystem_version", "number_of_rva_and_sizes"),
          amounts("size_of_code", "size_of_initialized_data", "size_of_uninitialized_data", "size_of_image",
                  "size_of_headers", "size_of_stack_reserve", "size_of_stack_commit", "size_of_heap_reserve",
                  "size_of_heap_commit"),
          rows(Property{"hashes", hashes()}));
constexpr Shape kPeHeader{"PE optional header", kPeHeaderRows, kSomeRules};
constexpr auto kPeSectionRows = table(rows(Property{"name", text(), Need::required}, Property{"size", integer(0)},
                                           Property{"entropy", number()}, Property{"hashes", hashes()}));
constexpr Shape kPeSection{"PE section", kPeSectionRows};
constexpr auto kPeBinary =
    table(rows(Property{"pe_type", word(kPeBinaryType), Need::required}, Property{"time_date_stamp", timestamp()},
               Property{"file_header_hashes", hashes()}, Property{"optional_header", structure(kPeHeader)},
               Property{"sections", list(structure(kPeSection))}),
          texts("imphash"), hexes("machine_hex", "pointer_to_symbol_table_hex", "characteristics_hex"),
          amounts("number_of_sections", "number_of_symbols", "size_of_optional_header"));

// --- network-traffic ------------------------------------------------------------------------------------------------

constexpr auto kHttpRequest =
    table(rows(Property{"request_method", text(), Need::required}, Property{"request_value", text(), Need::required},
               Property{"request_header", dictionary(Entries::text_list)},
               Property{"message_body_data_ref", reference(kArtifactOnly)}),
          texts("request_version"), integers("message_body_length"));

constexpr auto kIcmp = table(
    rows(Property{"icmp_type_hex", text(kHex), Need::required}, Property{"icmp_code_hex", text(kHex), Need::required}));

constexpr auto kSocket =
    table(rows(Property{"address_family", word(kSocketAddressFamily), Need::required},
               Property{"is_blocking", boolean()}, Property{"is_listening", boolean()},
               Property{"options", dictionary(Entries::integer)}, Property{"socket_type", word(kSocketType)}),
          amounts("socket_descriptor"), integers("socket_handle"));

constexpr auto kTcp = table(hexes("src_flags_hex", "dst_flags_hex"));

// --- process, user-account ------------------------------------------------------------------------------------------

// Errata 01 writes windows_title, the standard before it and its JSON schema window_title.
constexpr auto kWindowsProcess =
    table(rows(Property{"aslr_enabled", boolean()}, Property{"dep_enabled", boolean()},
               Property{"startup_info", dictionary()}, Property{"integrity_level", word(kIntegrityLevel)}),
          texts("priority", "owner_sid", "windows_title", "window_title"));

constexpr auto kWindowsService =
    table(texts("service_name", "display_name", "group_name"),
          rows(Property{"descriptions", list(text())}, Property{"start_type", word(kServiceStartType)},
               Property{"service_dll_refs", list(reference(kFileOnly))}, Property{"service_type", word(kServiceType)},
               Property{"service_status", word(kServiceStatus)}));

constexpr auto kUnixAccount =
    table(integers("gid"), rows(Property{"groups", list(text())}), texts("home_dir", "shell"));

static_assert(distinct(kArchive) && distinct(kNtfs) && distinct(kPdf) && distinct(kRasterImage) &&
              distinct(kPeHeaderRows) && distinct(kPeBinary) && distinct(kHttpRequest) && distinct(kIcmp) &&
              distinct(kSocket) && distinct(kTcp) && distinct(kWindowsProcess) && distinct(kWindowsService) &&
              distinct(kUnixAccount));

constexpr Extension kExtensionsByName[] = {
    {"archive-ext", "file", {"archive-ext", kArchive}},
    {"http-request-ext", "network-traffic", {"http-request-ext", kHttpRequest}},
    {"icmp-ext", "network-traffic", {"icmp-ext", kIcmp}},
    {"ntfs-ext", "file", {"ntfs-ext", kNtfs, kSomeRules}},
    {"pdf-ext", "file", {"pdf-ext", kPdf, kSomeRules}},
    {"raster-image-ext", "file", {"raster-image-ext", kRasterImage, kSomeRules}},
    {"socket-ext", "network-traffic", {"socket-ext", kSocket}},
    {"tcp-ext", "network-traffic", {"tcp-ext", kTcp, kSomeRules}},
    {"unix-account-ext", "user-account", {"unix-account-ext", kUnixAccount, kSomeRules}},
    {"windows-pebinary-ext", "file", {"windows-pebinary-ext", kPeBinary, kPeRules}},
    {"windows-process-ext", "process", {"windows-process-ext", kWindowsProcess, kSomeRules}},
    {"windows-service-ext", "process", {"windows-service-ext", kWindowsService, kSomeRules}},
};

}  // namespace

std::span<Extension const> predefined_extensions() { return kExtensionsByName; }

Extension const* find_extension(std::string_view name) {
  for (auto const& extension : kExtensionsByName) {
    if (extension.name == name) return &extension;
  }
  return nullptr;
}

}  // namespace tocsin::stix::rules
