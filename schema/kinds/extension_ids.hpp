// The definitions of ours that carry the properties of kinds, and of sightings of them. Constant data; any thread.
#pragma once

#include <string_view>

namespace tocsin::kinds {

inline constexpr std::string_view kCampaignExtension = "extension-definition--d5bc1dbe-9168-41c0-bffa-8dd6d4616ecc";
inline constexpr std::string_view kProxyExtension = "extension-definition--89c65579-de9b-4210-a48f-5526194a31fd";
inline constexpr std::string_view kAccountExtension = "extension-definition--5b39b55f-3cba-4822-8b32-7adeb83efaf2";
inline constexpr std::string_view kTemplateExtension = "extension-definition--5dafce55-8cd1-458a-b071-933d0b681bb4";
inline constexpr std::string_view kProfileExtension = "extension-definition--75bd5fda-ddba-4292-b306-d7a4a4d7832d";
inline constexpr std::string_view kTlsExtension = "extension-definition--4f58a03b-da04-48cb-81f8-160b5877d6d9";
inline constexpr std::string_view kKeyedExtension = "extension-definition--23433b87-20aa-4a1b-a12d-aa0e0e81c488";
inline constexpr std::string_view kCanaryExtension = "extension-definition--ac503c2e-2b24-4676-ae0a-ad621a778aea";
inline constexpr std::string_view kSightingExtension = "extension-definition--b296ba0d-0d6e-4ba3-955f-90923e2aaff1";

}  // namespace tocsin::kinds
