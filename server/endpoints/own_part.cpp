#include "server/endpoints/own_part.hpp"

namespace tocsin::endpoints {

store::Window own_part(store::Window const& window, store::RowId organisation, access::Directory const& directory) {
  store::Window out;
  out.asserter = organisation;
  out.kinds = window.kinds;
  for (auto const& known : directory.tables().classes)
    if (window.visible.contains(known.row) || window.own.contains(known.row)) out.own.insert(known.row);
  return out;
}

}  // namespace tocsin::endpoints
