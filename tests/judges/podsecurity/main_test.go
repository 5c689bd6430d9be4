package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"
)

func podsecurity(t *testing.T, input string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(args, strings.NewReader(input), &out, &err)
	return code, out.String(), err.String()
}

func TestEachObjectIsAnsweredInOrder(t *testing.T) {
	input := `{"id": "a", "object": {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}}}
{"id": "b", "object": {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor"}}
{"id": "c", "object": {"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": {"spec": {"hostNetwork": true, "containers": [{"name": "x"}]}}}}}}}
`
	code, stdout, stderr := podsecurity(t, input, "-level", "baseline", "-versions", "1.27,v1.28")
	expected := `{"id":"a","pods":false}
{"id":"b","pods":false}
{"id":"c","version":"1.27","level":"baseline","allowed":false,"reasons":["host namespaces (hostNetwork=true)"]}
{"id":"c","version":"1.28","level":"baseline","allowed":false,"reasons":["host namespaces (hostNetwork=true)"]}
`
	if code != 0 || stdout != expected || stderr != "" {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
}

func TestWhatCannotBeJudgedIsSaid(t *testing.T) {
	service := `{"id": "a", "object": {"apiVersion": "v1", "kind": "Service"}}`
	for name, test := range map[string]struct{ input, message string }{
		"no input":           {"", "no objects on standard input"},
		"blank line":         {service + "\n\n", "line 2: not {\"id\", \"object\"}: EOF"},
		"not JSON":           {"id: a", "line 1: not {\"id\", \"object\"}: invalid character 'i' looking for beginning of value"},
		"cut off":            {service[:30], "line 1: not {\"id\", \"object\"}: unexpected EOF"},
		"two values":         {service + service, "line 1: more than one JSON value"},
		"unknown key":        {`{"id": "a", "objects": []}`, `line 1: not {"id", "object"}: json: unknown field "objects"`},
		"no id":              {`{"object": {}}`, "line 1: id or object is missing"},
		"id given twice":     {service + "\n" + service, `line 2: id "a": given twice`},
		"null":               {`{"id": "a", "object": null}`, `line 1: id "a": Object 'Kind' is missing in 'null'`},
		"no kind":            {`{"id": "a", "object": {"apiVersion": "v1"}}`, `line 1: id "a": Object 'Kind' is missing in '{"apiVersion": "v1"}'`},
		"no apiVersion":      {`{"id": "a", "object": {"kind": "Thing"}}`, `line 1: id "a": Object 'apiVersion' is missing in '{"kind": "Thing"}'`},
		"misspelt field":     {`{"id": "a", "object": {"apiVersion": "v1", "kind": "Pod", "spec": {"hostNetwrk": true}}}`, `line 1: id "a": strict decoding error: unknown field "spec.hostNetwrk"`},
		"duplicate field":    {`{"id": "a", "object": {"apiVersion": "v1", "kind": "Pod", "kind": "Pod"}}`, `line 1: id "a": strict decoding error: duplicate field "kind"`},
		"wrong type":         {`{"id": "a", "object": {"apiVersion": "v1", "kind": "Pod", "spec": {"hostNetwork": "true"}}}`, `line 1: id "a": json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool`},
		"no containers":      {`{"id": "a", "object": {"apiVersion": "apps/v1", "kind": "Deployment"}}`, `line 1: id "a": Deployment holds a pod without containers`},
		"list of pods":       {`{"id": "a", "object": {"apiVersion": "v1", "kind": "List", "items": [{"spec": {"containers": []}}]}}`, `line 1: id "a": v1 List holds containers but is no workload kind that Pod Security admission knows`},
		"withdrawn version":  {`{"id": "a", "object": {"apiVersion": "extensions/v1beta1", "kind": "Deployment", "spec": {"containers": []}}}`, `line 1: id "a": extensions/v1beta1 Deployment holds containers but is no workload kind that Pod Security admission knows`},
		"operator's own pod": {`{"id": "a", "object": {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "spec": {"initContainers": []}}}`, `line 1: id "a": argoproj.io/v1alpha1 Rollout holds containers but is no workload kind that Pod Security admission knows`},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, stderr := podsecurity(t, test.input, "-versions", "1.27")
			if code != 2 || stderr != "podsecurity: "+test.message+"\n" {
				t.Errorf("exit %d: %s", code, stderr)
			}
		})
	}
}

func TestABadLineDoesNotHideTheNext(t *testing.T) {
	code, stdout, _ := podsecurity(t, "{}\n{\"id\": \"b\", \"object\": {\"apiVersion\": \"v1\", \"kind\": \"Secret\"}}\n")
	if code != 2 || stdout != "{\"id\":\"b\",\"pods\":false}\n" {
		t.Errorf("exit %d: %s", code, stdout)
	}
}

func TestLevelsAndVersionsThatNobodyKnowsAreRefused(t *testing.T) {
	for message, args := range map[string][]string{
		`level "privileged": must be baseline or restricted`:             {"-level", "privileged"},
		`version "latest": must be 1.x or all`:                           {"-versions", "latest"},
		`version "": must be 1.x or all`:                                 {"-versions", "1.27,"},
		`version "1.99": the newest known is 1.37`:                       {"-versions", "1.99"},
		`unexpected argument "pod.json": objects come on standard input`: {"pod.json"},
	} {
		code, _, stderr := podsecurity(t, "", args...)
		if code != 2 || stderr != "podsecurity: "+message+"\n" {
			t.Errorf("exit %d: %s", code, stderr)
		}
	}
}

func TestTheChecksAreListedWithWhatTheyOverride(t *testing.T) {
	code, stdout, stderr := podsecurity(t, "", "-checks")
	line := `{"id":"procMount_restricted","level":"restricted","since":[{"version":"1.35","overrides":["procMount"]}]}`
	if code != 0 || !strings.Contains(stdout, line+"\n") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	if lines := strings.Count(stdout, "\n"); lines != len(policy.DefaultChecks()) {
		t.Errorf("%d checks", lines)
	}
}

// The module carries the pods that Kubernetes tests its own checks with: <level>/v<version>/{pass,fail}/*.yaml.
func TestEveryFixtureOfKubernetesIsJudgedAsItSays(t *testing.T) {
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/pod-security-admission").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(module)), "test", "testdata")
	files, err := filepath.Glob(filepath.Join(root, "*", "v1.*", "*", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]int{}
	for _, file := range files {
		relative, _ := filepath.Rel(root, file)
		parts := strings.Split(filepath.ToSlash(relative), "/")
		level, version, expected := parts[0], parts[1], parts[2]
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		object, err := yaml.YAMLToJSON(content)
		if err != nil {
			t.Fatal(err)
		}
		line, _ := json.Marshal(map[string]any{"id": relative, "object": json.RawMessage(object)})
		code, stdout, stderr := podsecurity(t, string(line), "-level", level, "-versions", version)
		var verdict Verdict
		if err := json.Unmarshal([]byte(stdout), &verdict); err != nil || code != 0 {
			t.Fatalf("%s: exit %d: %s%s", relative, code, stdout, stderr)
		}
		if verdict.Allowed != (expected == "pass") {
			t.Errorf("%s: %s", relative, stdout)
		}
		judged[level+" "+expected]++
	}
	for _, group := range []string{"baseline pass", "baseline fail", "restricted pass", "restricted fail"} {
		if judged[group] == 0 {
			t.Errorf("no fixture judged: %s", group)
		}
	}
	t.Log(judged)
}
