package main

import (
	"encoding/json"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	serializer "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/pod-security-admission/admission"
)

type pod struct {
	metadata *metav1.ObjectMeta
	spec     *corev1.PodSpec
}

// The groups that hold Kubernetes' own workload kinds.
var (
	scheme  = runtime.NewScheme()
	decoder = serializer.NewSerializerWithOptions(
		serializer.DefaultMetaFactory, scheme, scheme, serializer.SerializerOptions{Strict: true})
)

func init() {
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, batchv1.AddToScheme, corev1.AddToScheme} {
		if err := add(scheme); err != nil {
			panic(err)
		}
	}
}

// extract finds the pod of an object, or nil where the object holds none.
func extract(raw json.RawMessage) (*pod, error) {
	object, kind, err := decoder.Decode(raw, nil, nil)
	if runtime.IsNotRegisteredError(err) {
		return nil, refuseHiddenPods(raw, kind)
	}
	if err != nil {
		return nil, err
	}
	metadata, spec, err := admission.DefaultPodSpecExtractor{}.ExtractPodSpec(object)
	if err != nil {
		// The extractor's only error says that objects of this kind have no pod.
		return nil, refuseHiddenPods(raw, kind)
	}
	if spec == nil || len(spec.Containers) == 0 {
		return nil, fmt.Errorf("%s holds a pod without containers", kind.Kind)
	}
	setDefaultVolumeSource(spec)
	return &pod{metadata: metadata, spec: spec}, nil
}

// What admission finds no pod in may still make pods: a list, a withdrawn API version, an operator's own kind.
func refuseHiddenPods(raw json.RawMessage, kind *schema.GroupVersionKind) error {
	var content any
	if err := json.Unmarshal(raw, &content); err != nil {
		return err
	}
	if holdsContainers(content) {
		return fmt.Errorf("%s %s holds containers but is no workload kind that Pod Security admission knows",
			kind.GroupVersion(), kind.Kind)
	}
	return nil
}

// The API server sets defaults before it admits. Of those, this is the one that changes verdicts on Kubernetes' fixtures.
func setDefaultVolumeSource(spec *corev1.PodSpec) {
	for i := range spec.Volumes {
		if spec.Volumes[i].VolumeSource == (corev1.VolumeSource{}) {
			spec.Volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
}

func holdsContainers(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		for key, child := range value {
			_, isList := child.([]any)
			if isList && (key == "containers" || key == "initContainers" || key == "ephemeralContainers") {
				return true
			}
			if holdsContainers(child) {
				return true
			}
		}
	case []any:
		for _, child := range value {
			if holdsContainers(child) {
				return true
			}
		}
	}
	return false
}
