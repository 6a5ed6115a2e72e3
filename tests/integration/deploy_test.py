#!/usr/bin/env python3
"""Checks what is in deploy/: each artefact by its format's own tool, and all of them against each other and against weir's
configuration:

    .venv/bin/python deploy_test.py path/to/weir
"""
import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / 'deploy'
KUBERNETES = DEPLOY / 'kubernetes'
DOCKERFILE = DEPLOY / 'container' / 'Dockerfile'
UNIT = DEPLOY / 'systemd' / 'weir.service'
TOOLS = pathlib.Path(sys.executable).parent
ENVIRONMENTS = ('dev', 'staging', 'prod')
OVERLAYS = ('staging', 'prod')
PORT = '8002'
MOST_EXPOSED = 15           # of 100, by systemd-analyze security
NOT_SETTINGS = ('WEIR_ENV', 'WEIR_CONFIG')
WEIR = ''                   # the binary, from the command line


def run(*command, **more):
    """Standard output; what the command said when it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **more)
    if done.returncode != 0:
        raise AssertionError(f'{command[0]}: status {done.returncode}\n{done.stdout}')
    return done.stdout


def load(path):
    return list(yaml.safe_load_all(pathlib.Path(path).read_text(encoding='utf-8')))


def dockerfile():
    """Instructions as (name, words), lines put together."""
    text = re.sub(r'^\s*#.*\n', '', DOCKERFILE.read_text(encoding='utf-8'), flags=re.M)
    return [tuple(line.split(None, 1)) for line in re.sub(r'\\\n', ' ', text).splitlines() if line.strip()]


def last(name):
    return [rest for instruction, rest in dockerfile() if instruction == name][-1]


def compose():
    return load(DEPLOY / 'compose.yaml')[0]


class Settings:
    """What weir makes of a configuration file in an environment."""

    def __init__(self, text, environment, **variables):
        with tempfile.TemporaryDirectory(prefix='weir-deploy-') as folder:
            file = pathlib.Path(folder) / 'weir.yaml'
            file.write_text(text, encoding='utf-8')
            shutil.copytree(ROOT / 'config' / 'environments', file.parent / 'environments')
            chosen = ['--config', file, *(['--env', environment] if environment else [])]
            run(WEIR, 'config', 'check', *chosen, env={**os.environ, **variables})
            self.values = yaml.safe_load(run(WEIR, 'config', 'print', *chosen, env={**os.environ, **variables}))

    def get(self, key):
        section, name = key.split('.')
        return self.values[section][name]


def of_container(environment):
    return Settings((DEPLOY / 'container' / 'weir.yaml').read_text(encoding='utf-8'), environment)


# -- Kubernetes: as much of kustomize as the overlays use; where there is a kubectl the two are compared.

def at(document, path):
    for part in path:
        document = document[int(part) if isinstance(document, list) else part]
    return document


def patched(document, operations):
    out = copy.deepcopy(document)
    for one in operations:
        *path, name = one['path'].strip('/').split('/')
        holder = at(out, path)
        name = int(name) if isinstance(holder, list) else name
        there = holder[name]                                        # replaced and tested is only what is there
        if one['op'] == 'replace':
            holder[name] = one['value']
        elif one['op'] != 'test' or there != one['value']:
            raise AssertionError(f'{one}: found {there}')
    return out


def rendered(folder):
    """The documents of a folder with a kustomization.yaml, by (kind, name)."""
    wanted = load(folder / 'kustomization.yaml')[0]
    unknown = set(wanted) - {'apiVersion', 'kind', 'namespace', 'resources', 'patches'}
    if unknown:
        raise AssertionError(f'{folder}: the test renders no {unknown}')
    found = {}
    for resource in wanted['resources']:
        path = folder / resource
        more = rendered(path) if path.is_dir() else {(d['kind'], d['metadata']['name']): d for d in load(path)}
        found.update(more)
    for patch in wanted.get('patches', []):
        key = patch['target']['kind'], patch['target']['name']
        found[key] = patched(found[key], yaml.safe_load(patch['patch']))
    if 'namespace' in wanted:
        for (kind, _), document in found.items():
            if kind != 'Namespace':
                document['metadata']['namespace'] = wanted['namespace']
    return found


def container_of(documents):
    return documents['StatefulSet', 'weir']['spec']['template']['spec']['containers'][0]


def environment_of(container):
    return {e['name']: e.get('value') for e in container['env']}


class Artefacts(unittest.TestCase):
    """Each by its format's own tool."""

    def test_the_dockerfile_is_clean(self):
        run(TOOLS / 'hadolint', DOCKERFILE)

    def test_the_compose_file_follows_its_specification(self):
        run(TOOLS / 'check-jsonschema', '--builtin-schema', 'vendor.compose-spec', DEPLOY / 'compose.yaml')

    def test_the_manifests_follow_kubernetes_schemas(self):
        for folder in (KUBERNETES / 'base', *(KUBERNETES / 'overlays' / name for name in OVERLAYS)):
            with self.subTest(folder.name), tempfile.NamedTemporaryFile('w', suffix='.yaml') as file:
                yaml.safe_dump_all(rendered(folder).values(), file)
                file.flush()
                run(TOOLS / 'kubernetes-validate', '--strict', file.name)

    def test_the_overlays_are_rendered_as_kubectl_renders_them(self):
        if not shutil.which('kubectl'):
            self.skipTest('there is no kubectl')
        for name in OVERLAYS:
            folder = KUBERNETES / 'overlays' / name
            theirs = yaml.safe_load_all(run('kubectl', 'kustomize', folder))
            with self.subTest(name):
                self.assertEqual({(d['kind'], d['metadata']['name']): d for d in theirs}, rendered(folder))

    def test_the_unit_is_right_and_hardened(self):
        with tempfile.TemporaryDirectory(prefix='weir-deploy-') as folder:
            unit = pathlib.Path(folder) / UNIT.name
            text = UNIT.read_text(encoding='utf-8')
            self.assertIn('ExecStart=/usr/bin/weir run ', text)
            unit.write_text(text.replace('/usr/bin/weir', WEIR), encoding='utf-8')
            self.assertEqual(run('systemd-analyze', 'verify', '--man=no', unit), '')
            run('systemd-analyze', 'security', '--offline=true', f'--threshold={MOST_EXPOSED}', unit)

    def test_the_configuration_of_prometheus_is_right(self):
        run('promtool', 'check', 'config', DEPLOY / 'prometheus/prometheus.yml')

    def test_what_grafana_is_given_can_be_read(self):
        source = load(DEPLOY / 'grafana/provisioning/datasources/prometheus.yaml')[0]['datasources'][0]
        self.assertEqual(source['url'], 'http://prometheus:9090')
        provider = load(DEPLOY / 'grafana/provisioning/dashboards/weir.yaml')[0]['providers'][0]
        mounts = dict(v.split(':')[1::-1] for v in compose()['services']['grafana']['volumes'])
        self.assertEqual(mounts[provider['options']['path']], './grafana')
        for dashboard in (DEPLOY / 'grafana').glob('*.json'):
            text = dashboard.read_text(encoding='utf-8')
            self.assertTrue(json.loads(text)['title'])
            for uid in re.findall(r'"datasource": \{[^}]*"uid": "([^"]+)"', text):
                self.assertIn(uid, (source['uid'], '${datasource}'), dashboard.name)


class Consistency(unittest.TestCase):
    """What one artefact says the others and weir's configuration say, too."""

    def test_every_configuration_holds_in_every_environment(self):
        files = [ROOT / 'config/weir.yaml', DEPLOY / 'container/weir.yaml', ROOT / 'tools/bench/peers/weir.yaml']
        texts = {str(file.relative_to(ROOT)): file.read_text(encoding='utf-8') for file in files}
        texts['the ConfigMap'] = load(KUBERNETES / 'base/config.yaml')[0]['data']['weir.yaml']
        for name, text in texts.items():
            for environment in (None, *ENVIRONMENTS):
                with self.subTest(f'{name} in {environment}'):
                    Settings(text, environment)

    def test_every_variable_names_a_setting(self):
        known = {'WEIR_' + key.upper().replace('.', '_')
                 for key in re.findall(r'^\| `([a-z_.]+)` \|', run(WEIR, 'config', 'reference'), re.M)}
        self.assertIn('WEIR_NODE_DATA_DIR', known)
        for file in (p for p in DEPLOY.rglob('*') if p.is_file()):
            for name in re.findall(r'\bWEIR_[A-Z_]+', file.read_text(encoding='utf-8')):
                right = name in known or name in NOT_SETTINGS or name.startswith('WEIR_KAFKA_PROPERTIES_')
                self.assertTrue(right, f'{file.relative_to(ROOT)}: {name} is no setting')

    def test_a_secret_of_the_environment_reaches_librdkafka(self):
        config = load(KUBERNETES / 'base/config.yaml')[0]['data']['weir.yaml']
        secrets = [name for name, value in environment_of(container_of(rendered(KUBERNETES / 'base'))).items()
                   if value is None and name != 'WEIR_NODE_ID']
        self.assertEqual(len(secrets), 2)
        got = Settings(config, 'prod', **{name: 'it' for name in secrets}).get('kafka.properties')
        self.assertEqual(sorted(got), ['sasl.password', 'sasl.username'])

    def test_the_port_is_the_same_everywhere(self):
        for environment in ENVIRONMENTS:
            self.assertEqual(of_container(environment).get('http.listen'), f'0.0.0.0:{PORT}')
        self.assertEqual(last('EXPOSE'), PORT)
        self.assertIn(f'http://127.0.0.1:{PORT}/health/live', last('HEALTHCHECK'))
        self.assertTrue(compose()['services']['weir']['ports'][0].endswith(f':{PORT}'))
        scraped = load(DEPLOY / 'prometheus/prometheus.yml')[0]['scrape_configs'][0]['dns_sd_configs'][0]
        self.assertEqual((scraped['names'], scraped['port']), (['weir'], int(PORT)))
        documents = rendered(KUBERNETES / 'base')
        container = container_of(documents)
        self.assertEqual(container['ports'], [{'name': 'http', 'containerPort': int(PORT)}])
        self.assertEqual(documents['Service', 'weir']['spec']['ports'][0]['port'], int(PORT))
        for probe, path in (('startupProbe', 'live'), ('livenessProbe', 'live'), ('readinessProbe', 'ready')):
            self.assertEqual(container[probe]['httpGet'], {'path': f'/health/{path}', 'port': 'http'})
        notes = documents['StatefulSet', 'weir']['spec']['template']['metadata']['annotations']
        self.assertEqual(notes['prometheus.io/port'], PORT)

    def test_state_lives_where_the_volume_is(self):
        folder = of_container('prod').get('node.data_dir')
        self.assertEqual(last('VOLUME'), folder)
        mounts = {m['name']: m['mountPath'] for m in container_of(rendered(KUBERNETES / 'base'))['volumeMounts']}
        self.assertEqual(mounts['data'], folder)
        unit = UNIT.read_text(encoding='utf-8')
        self.assertIn(f'WEIR_NODE_DATA_DIR={folder}\n', unit)
        self.assertIn(f'StateDirectory={pathlib.Path(folder).name}\n', unit)

    def test_the_user_is_the_same_everywhere(self):
        user = last('USER').split(':')[0]
        self.assertNotEqual(user, '0')
        self.assertIn(f'--uid {user} ', next(rest for name, rest in reversed(dockerfile()) if name == 'RUN'))
        pod = rendered(KUBERNETES / 'base')['StatefulSet', 'weir']['spec']['template']['spec']
        self.assertEqual(str(pod['securityContext']['runAsUser']), user)
        self.assertTrue(pod['containers'][0]['securityContext']['readOnlyRootFilesystem'])
        self.assertTrue(compose()['services']['weir']['read_only'])

    def test_an_overlay_takes_its_environment_and_room_for_its_memory(self):
        for name in OVERLAYS:
            documents = rendered(KUBERNETES / 'overlays' / name)
            container = container_of(documents)
            self.assertEqual(environment_of(container)['WEIR_ENV'], name)
            config = documents['ConfigMap', 'weir']['data']['weir.yaml']
            settings = Settings(config, name)
            budgets = sum(mebibytes(settings.get(f'memory.{what}')) for what in ('sessions', 'rocksdb'))
            self.assertGreaterEqual(mebibytes(container['resources']['limits']['memory']), 1.5 * budgets)
            scaler = documents['HorizontalPodAutoscaler', 'weir']['spec']
            self.assertEqual(documents['StatefulSet', 'weir']['spec']['replicas'], scaler['minReplicas'])

    def test_the_image_has_every_library_that_weir_is_linked_with(self):
        wanted = {package_of(path) for path in re.findall(r'=> (/\S+)', run('ldd', WEIR))}
        installing = next(rest for name, rest in reversed(dockerfile()) if name == 'RUN')
        named = installing.split('--no-install-recommends')[1].split('&&')[0].split()
        packages = installed()
        always = [name for name, (_, essential) in packages.items() if essential]
        missing = wanted - with_dependencies([*named, *always], packages)
        self.assertEqual(missing, set(), 'packages that the runtime image lacks')

    def test_kafka_is_the_version_that_the_tests_run(self):
        tested = re.search(r'<kafka.version>(.*)</', (ROOT / 'tools/broker/pom.xml').read_text(encoding='utf-8'))[1]
        self.assertEqual(compose()['services']['kafka']['image'], f'apache/kafka:{tested}')

    def test_the_image_has_the_version_that_weir_says(self):
        version = run(WEIR, '--version').split()[-1]
        image = f'weir:{version}'
        self.assertEqual(container_of(rendered(KUBERNETES / 'base'))['image'], image)
        self.assertEqual(compose()['services']['weir']['image'], image)


def mebibytes(text):
    number, unit = re.fullmatch(r'(\d+)(Mi|Gi|MiB|GiB)', text).groups()
    return int(number) * (1024 if unit.startswith('G') else 1)


def package_of(path):
    """dpkg knows some of what is in /usr/lib as /lib."""
    path = os.path.realpath(path)
    found = subprocess.run(['dpkg', '-S', path, path.removeprefix('/usr')], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True, check=False)
    return found.stdout.split(':')[0]


def installed():
    """Of each installed package: the names that it depends on, and whether every Debian has it."""
    fields = '${Package}\t${Pre-Depends}, ${Depends}\t${Essential} ${Priority}\n'
    rows = (line.split('\t') for line in run('dpkg-query', '-W', '-f=' + fields).splitlines())
    return {name: ([re.split(r'[ :(|]', part.strip())[0] for part in depends.split(',')],
                   'yes' in kind or 'required' in kind) for name, depends, kind in rows}


def with_dependencies(names, packages):
    found, open_ = set(), list(names)
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += packages.get(name, ([], False))[0]
    return found


class Wrappers(unittest.TestCase):
    """Targets that need what is not there say so."""

    def test_a_target_without_its_tool_says_what_is_missing(self):
        with tempfile.TemporaryDirectory(prefix='weir-deploy-') as folder:
            for tool in ('sh', 'make', 'sed', 'grep', 'dirname', 'nproc'):
                os.symlink(shutil.which(tool), pathlib.Path(folder) / tool)
            for target, tool in (('dev-up', 'docker'), ('dev-down', 'docker'), ('deploy-staging', 'kubectl')):
                done = subprocess.run(['make', '-s', '-C', ROOT, target, 'IMAGE=weir:test'], env={'PATH': folder}, text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
                self.assertNotEqual(done.returncode, 0, target)
                self.assertIn(f'{tool} not found', done.stdout)


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    WEIR = os.path.abspath(sys.argv.pop())
    unittest.main()
