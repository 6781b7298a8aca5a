#include <algorithm>
#include <charconv>
#include <memory>

#include "schema/stix/identifier.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/recorded_reads.hpp"
#include "server/http/conditional.hpp"

namespace tocsin::endpoints {
namespace {

constexpr int kRounds = 8;  // of making a page, while what its reader sees changes

core::Result<std::size_t> limit_of(Settings const& settings, http::Query const& query) {
  auto text = query.find("limit");
  if (!text) return settings.default_page;
  std::uint64_t limit = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  bool number = end == text->data() + text->size() && !text->empty();
  if (number && error == std::errc::result_out_of_range) return settings.max_page;
  if (!number || error != std::errc() || limit == 0)
    return core::fail(core::Code::bad_parameter, "The parameter limit is not a positive number.", "",
                      "Send a number from 1 up.");
  return std::min<std::size_t>(limit, settings.max_page);
}

// A pull with what the audit trail says of it. The directory keeps the collection alive.
struct Pull {
  catalog::PageRequest page;
  std::shared_ptr<access::Directory const> directory;
  store::Collection const* collection = nullptr;
};

// The whole query of a pull: filters from the parameters, or from `next`, which carries them.
core::Result<Pull> pull_of(Context& context, http::Request const& request, catalog::PageKind kind) {
  auto directory = context.registry.current();
  auto const* collection = directory->collection(request.parameters.at(0), view_of(request));
  if (collection == nullptr) return core::fail(core::Code::not_found, "There is no such collection.");
  catalog::PageRequest page{kind, collection->row, shared_view_of(request), {}, 0, 0};
  for (std::string_view name : {"limit", "next"})
    if (request.query.count(name) > 1)
      return core::fail(core::Code::bad_parameter, "The parameter " + std::string(name) + " occurs more than once.", "",
                        "Send it once.");
  auto limit = limit_of(context.settings, request.query);
  if (!limit) return std::unexpected(limit.error());
  page.limit = *limit;
  auto filters = catalog::Filters::parse(request.query.parameters());
  if (!filters) return std::unexpected(filters.error());
  if (auto next = request.query.find("next")) {
    auto cursor = context.cursors.open(*next);
    if (!cursor || cursor->collection != collection->row)
      return core::fail(core::Code::bad_parameter, "The parameter next was not made for this collection.", "",
                        "Send `next` as the page before gave it, or begin the pull again.");
    filters = catalog::Filters::parse_text(cursor->filters);
    if (!filters) return std::unexpected(filters.error());
    page.after_sequence = cursor->after_sequence;
  }
  page.filters = *std::move(filters);
  return Pull{std::move(page), std::move(directory), collection};
}

constexpr std::string_view name(catalog::PageKind kind) {
  if (kind == catalog::PageKind::objects) return "objects";
  return kind == catalog::PageKind::manifest ? "manifest" : "versions";
}

// Records the answer to a pull.
http::Awaitable<core::Result<void>> record(Context& context, http::Request const& request, Pull const& pull,
                                           catalog::RenderedPage const& page) {
  base::Principal const& who = *request.principal;
  bool known = http::names_etag(request.headers, page.etag);
  ledger::ReadNote note{who.credential,      who.organisation_name, who.credential_id,      pull.directory->epoch(),
                        pull.collection->id, name(pull.page.kind),  pull.page.filters.text, pull.page.after_sequence,
                        page.first_sequence, page.last_sequence,    known ? 0 : page.count};
  co_return co_await record_read(context, note, who, view_of(request));
}

http::Response page_answer(http::Request const& request, std::shared_ptr<catalog::RenderedPage const> const& page) {
  http::Response response;
  if (page->first) response.headers.emplace_back("X-TAXII-Date-Added-First", *page->first);
  if (page->last) response.headers.emplace_back("X-TAXII-Date-Added-Last", *page->last);
  response.headers.emplace_back("ETag", page->etag);
  response.content_type = kTaxii;
  if (http::names_etag(request.headers, page->etag)) {
    response.status = 304;
    return response;
  }
  response.body = http::SharedBytes(page, &page->body);
  return response;
}

using Rendered = std::shared_ptr<catalog::RenderedPage const>;

// What the credential sees now. Of one that may not read any more, what it saw when it was let in.
std::shared_ptr<access::View const> view_by_now(Context const& context, http::Request const& request) {
  auto const directory = context.registry.current();
  auto const* session = directory->session(request.principal->credential_id);
  return session == nullptr || session->view == nullptr ? shared_view_of(request) : session->view;
}

// A commit may bring a class that the reader sees after she was let in, and before the database is read: a page without
// its objects would have her go on behind them. It is made again then.
http::Awaitable<core::Result<Rendered>> page_of(Context& context, http::Request const& request,
                                                catalog::PageRequest& page) {
  for (int round = 0; round < kRounds; ++round) {
    auto const key = catalog::Pages::key(page);
    if (auto known = context.pages.find(key)) co_return known;
    auto made = co_await context.bridge.run<Rendered>(request.principal->organisation, [&](store::ReadStore& reader) {
      return context.pages.render(reader, page, key);
    });
    auto view = view_by_now(context, request);
    if (!made || view->fingerprint == page.view->fingerprint) co_return made;
    page.view = std::move(view);
  }
  co_return core::fail(core::Code::unavailable, "What you may see changed while the page was made.", "",
                       "Try again in a moment.");
}

Answer answer(Context& context, http::Request& request, Pull pull) {
  auto const rendered = co_await page_of(context, request, pull.page);
  if (!rendered) co_return error_answer(request, rendered.error());
  if (auto recorded = co_await record(context, request, pull, **rendered); !recorded)
    co_return error_answer(request, recorded.error());
  bool one_object = request.parameters.size() > 1;
  if (one_object && (*rendered)->count == 0)
    co_return error_answer(request, {core::Code::not_found, "There is no such object.", "", ""});
  co_return page_answer(request, *rendered);
}

Answer pull(Context& context, http::Request& request, catalog::PageKind kind) {
  auto pull = pull_of(context, request, kind);
  if (!pull) co_return error_answer(request, pull.error());
  co_return co_await answer(context, request, *std::move(pull));
}

// The canonical filters without those that the path decides.
std::string lines_but(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  std::string out;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n') + 1);
    text.remove_prefix(line.size());
    if (std::ranges::none_of(prefixes, [&](std::string_view prefix) { return line.starts_with(prefix); })) out += line;
  }
  return out;
}

// One object: the pull with match[id], and for `versions` with all of them.
Answer pull_one(Context& context, http::Request& request, catalog::PageKind kind) {
  auto pull = pull_of(context, request, kind);
  if (!pull) co_return error_answer(request, pull.error());
  auto id = stix::Identifier::parse(request.parameters.at(1));
  if (!id) co_return error_answer(request, {core::Code::not_found, "There is no such object.", "", ""});
  catalog::Filters& filters = pull->page.filters;
  filters.ids = {{std::string(id->type()), id->uuid()}};
  filters.types.clear();
  std::string text = "match[id]=" + std::string(id->type()) + "--" + core::to_text(id->uuid()) + "\n";
  if (kind == catalog::PageKind::versions) {
    filters.versions = {false, false, true, {}};
    text += "match[version]=all\n" + lines_but(filters.text, {"match[id]=", "match[type]=", "match[version]="});
  } else {
    text += lines_but(filters.text, {"match[id]=", "match[type]="});
  }
  filters.text = std::move(text);
  co_return co_await answer(context, request, *std::move(pull));
}

}  // namespace

Answer taxii_objects(Context& context, http::Request& request) {
  return pull(context, request, catalog::PageKind::objects);
}
Answer taxii_manifest(Context& context, http::Request& request) {
  return pull(context, request, catalog::PageKind::manifest);
}
Answer taxii_object(Context& context, http::Request& request) {
  return pull_one(context, request, catalog::PageKind::objects);
}
Answer taxii_versions(Context& context, http::Request& request) {
  return pull_one(context, request, catalog::PageKind::versions);
}

}  // namespace tocsin::endpoints
