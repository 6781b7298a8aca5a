"""The paths that ffuf tries: our own words, those that servers are known to forget, and what people do to both."""
import re

FORGOTTEN = """admin administrator api console dashboard debug debug/pprof debug/vars pprof trace dump heapdump threaddump profiler
actuator actuator/env actuator/health actuator/heapdump metrics/prometheus prometheus stats status server-status server-info info version health
livez ping env config configuration settings setup install login logout signin register account user users profile password reset oauth oauth/token token tokens
credentials keys secret secrets certs backup backups dump.sql database db data var logs log error.log access.log tmp test tests dev staging old new
index index.html index.php home default robots.txt sitemap.xml favicon.ico crossdomain.xml security.txt .well-known/security.txt .well-known/openid-configuration
.git .git/HEAD .git/config .svn/entries .hg .env .htaccess .htpasswd .ssh/id_rsa .DS_Store .dockerenv Dockerfile docker-compose.yml Makefile README.md
swagger swagger.json swagger-ui swagger-ui.html openapi openapi.json openapi.yaml api-docs v2/api-docs redoc graphql graphiql graph schema schemas
cgi-bin cgi-bin/test-cgi phpinfo.php wp-admin wp-login.php manager/html jmx-console solr jenkins kibana phpmyadmin adminer.php shell cmd exec eval
tocsin.toml tocsin.db tocsin.db-wal admin.token log-state lock run keys/root.key keys/log.key keys/cursor.key certs/server.key certs/ca.crt last-backup
operator organisation member members feed feeds stream peer peers federation checkpoint tile tile/0/000 entries audience readers search export import
upload download files file static assets public private internal hidden proxy redirect url callback webhook hooks ws websocket events sse rpc grpc soap wsdl""".split()
BEFORE = ("", "api/", "api/v1/", "api/v1/admin/", "api/v1/audit/", "api/v2/", "taxii2/", "taxii2/root/", "taxii2/root/collections/", "taxii/")
UNSOUND = ("%00", "..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..;/", "..%5c..%5cetc", "%c0%ae%c0%ae/etc/passwd", "%ff", "%0d%0aX-Mine:1", "~root",
           "%252e%252e%252f", "{id}", "*", "'", "%22", "%3cscript%3e", "%7b%7b7*7%7d%7d", "${7*7}", "a" * 4000)


def changed(path):
    """What people do to a path that is refused."""
    cased, doubled, dotted = path.title(), path.replace("/", "//", 1), path.replace("/", "/./", 1)
    yield from (path, path + "/", path.upper(), cased, path + "%20", path + "%00", path + ".json", path + ".bak", path + "~", path + ";a=b", path + "%2f",
                path + "/..", path + "?debug=1", "./" + path, "%2e/" + path, doubled, dotted, re.sub(r"[a-z](?=[^a-z]*$)", lambda last: f"%{ord(last[0]):02x}", path))


def paths(ours):
    """Each once, without the first slash. `ours` are the server's own."""
    made = [each for path in ours for each in changed(path.lstrip("/"))]
    made += [before + word for before in BEFORE for word in FORGOTTEN + list(UNSOUND)]
    stems = sorted({word for path in ours for word in path.strip("/").split("/") if word.isalpha()})
    made += [before + word for before in BEFORE for word in stems]
    return list(dict.fromkeys(path for path in made if path))
