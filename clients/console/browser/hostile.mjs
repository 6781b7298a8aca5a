// Texts that would run, load or break out of something if a page took them for more than texts.
const MARK = "window.hit=1";
const TAGS = ["img", "svg", "video", "audio", "iframe", "object", "embed", "input", "body", "details", "marquee", "math", "select", "textarea"];
const EVENTS = ["onerror", "onload", "onfocus", "ontoggle", "onmouseover", "onanimationstart", "onbegin", "onpageshow"];
const SCHEMES = ["javascript:", "JaVaScRiPt:", "java\tscript:", "data:text/html,", "vbscript:", " javascript:", "&#106;avascript:"];
const ENDS = ['"', "'", "`", "</textarea>", "</title>", "</style>", "</script>", "-->", "]]>", "</pre></code>", "\\u003c", "{{", "${", "%3C", "<!--", "<![CDATA["];

export const HOSTILE = [
  ...TAGS.flatMap((tag) => EVENTS.map((event) => `<${tag} src=x ${event}=${MARK}>`)),
  ...SCHEMES.flatMap((scheme) => [`<a href="${scheme}${MARK}">x</a>`, `<iframe src="${scheme}${MARK}">`, `${scheme}${MARK}`]),
  ...ENDS.flatMap((end) => [`${end}<script>${MARK}</script>`, `${end} autofocus onfocus=${MARK} x=${end}`, `${end}><svg onload=${MARK}>`, `${end};${MARK}//`]),
  "{{constructor.constructor('window.hit=1')()}}",
  "<template><script>window.hit=1</script></template>",
  "<style>@import 'https://elsewhere.example/x.css'</style>",
  "<link rel=stylesheet href=https://elsewhere.example/x.css>",
  "<base href=https://elsewhere.example/>",
  "<meta http-equiv=refresh content='0;url=https://elsewhere.example/'>",
  "<form action=https://elsewhere.example/><button>x</button></form>",
  "\u202Egnp.exe\u202C",
  "\u2028</script><script>window.hit=1</script>",
];
