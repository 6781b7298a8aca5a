#include "tests/unit/catalog/shelf.hpp"

#include "schema/core/digest.hpp"
#include "tests/support/catch.hpp"

namespace tocsin::test {

store::Page page_of(std::int64_t first, std::size_t count, bool more, std::string objects) {
  store::Page page;
  for (std::size_t i = 0; i < count; ++i) {
    auto sequence = first + static_cast<std::int64_t>(i);
    page.rows.push_back(
        {sequence, sequence * 1'000'000, "indicator", core::Uuid{}, sequence * 1'000'000'000, 1, false});
    if (objects.empty()) page.objects += i == 0 ? "{}" : ",{}";
  }
  if (!objects.empty()) page.objects = std::move(objects);
  page.count = count;
  page.more = more;
  return page;
}

Shelf::Shelf(std::size_t bytes) : cursors(core::sha256("shelf")), pages(generations, cursors, bytes, metrics) {
  access::View wanted;
  wanted.fingerprint = "0123456789abcdef";
  view = std::make_shared<access::View const>(wanted);
}

catalog::PageRequest Shelf::request() const { return {catalog::PageKind::objects, 1, view, {}, 0, 100}; }

std::shared_ptr<catalog::RenderedPage const> Shelf::find(catalog::PageRequest const& request) {
  return pages.find(catalog::Pages::key(request));
}

std::shared_ptr<catalog::RenderedPage const> Shelf::make(catalog::PageRequest const& request, store::Page const& page) {
  ScriptedReader reader([&](store::PageQuery const&) { return page; });
  auto made = pages.render(reader, request, catalog::Pages::key(request));
  REQUIRE(made.has_value());
  return *made;
}

catalog::Filters filters_of(catalog::Parameters const& parameters) {
  auto filters = catalog::Filters::parse(parameters);
  REQUIRE(filters.has_value());
  return *filters;
}

}  // namespace tocsin::test
