"""Alert rules and the dashboard: every metric that they ask for is one that the server has, and everything that docs/operating.md says is to be alerted on by a metric has a rule."""
import json
import pathlib
import re
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MONITORING = ROOT / "packaging/monitoring"
METRIC = re.compile(r"\btocsin_[a-z0-9_]+")


def known():
    """Of the sources; a histogram has buckets."""
    named = {name for file in ROOT.glob("server/**/*.cpp") for name in re.findall(r'"(tocsin_[a-z0-9_]+)"', file.read_text())}
    return named | {f"{name}_bucket" for name in named if name.endswith("_seconds")}


def rules():
    return [rule for group in yaml.safe_load((MONITORING / "tocsin.rules.yml").read_text())["groups"] for rule in group["rules"]]


class Monitoring(unittest.TestCase):
    def test_every_metric_is_one_of_the_servers(self):
        dashboard = json.loads((MONITORING / "tocsin-dashboard.json").read_text())
        asked = [rule["expr"] for rule in rules()] + [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        self.assertGreater(len(asked), 30)
        for expression in asked:
            metrics = METRIC.findall(expression)
            self.assertTrue(metrics or expression.startswith("up{"), expression)
            self.assertEqual(set(metrics) - known(), set(), expression)

    def test_every_rule_says_how_bad_it_is_and_where(self):
        for rule in rules():
            self.assertIn(rule["labels"]["severity"], ("critical", "warning"), rule)
            self.assertRegex(rule["annotations"]["summary"], r"\{\{ \$labels\.(instance|peer|log) \}\}", rule)
        self.assertEqual(len({rule["alert"] for rule in rules()}), len(rules()))

    def test_what_is_to_be_alerted_on_by_its_metric_has_a_rule(self):
        text = (ROOT / "docs/operating.md").read_text()
        table = text[text.index("## What to alert on"):].split("\n## ")[0]
        ruled = {name.removesuffix("_bucket") for rule in rules() for name in METRIC.findall(rule["expr"])}
        # What is a matter of the traffic that an instance has, and of nobody's threshold but its operator's.
        by_traffic = {"tocsin_date_added_lead_microseconds", "tocsin_http_body_memory_bytes", "tocsin_http_connections", "tocsin_http_handshake_failures_total",
                      "tocsin_http_framing_errors_total", "tocsin_moderation_waiting", "tocsin_retention_destroyed_total", "tocsin_peer_errors_total"}
        first = {name for row in table.splitlines() if row.startswith("| ") for name in METRIC.findall(row.split("|")[1])}
        self.assertEqual(first - ruled - by_traffic, set())


if __name__ == "__main__":
    unittest.main(verbosity=1)
