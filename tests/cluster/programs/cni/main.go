// A CNI plug-in that follows `ptp` in the list and tells Felix about a new pod: by the name of the interface at the node's
// end, which Felix derives from the pod's, and by an annotation with the pod's address. Without the annotation Felix would wait
// until the kubelet reports the address, a second or more later, and drop the pod's traffic until then.
package main

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"
	"github.com/containernetworking/cni/pkg/version"
	"github.com/vishvananda/netlink"
)

type configuration struct {
	types.NetConf
	APIServer apiServer `json:"apiServer"`
}

// What the kubelet says of the pod; the runtime passes it on as CNI_ARGS.
type arguments struct {
	types.CommonArgs
	K8S_POD_NAMESPACE types.UnmarshallableString
	K8S_POD_NAME      types.UnmarshallableString
}

func main() {
	nothing := func(*skel.CmdArgs) error { return nil }
	functions := skel.CNIFuncs{Add: add, Check: nothing, Del: nothing}
	skel.PluginMainFuncs(functions, version.VersionsStartingFrom("1.0.0"), "tells Felix about pods")
}

func add(given *skel.CmdArgs) error {
	var conf configuration
	if err := json.Unmarshal(given.StdinData, &conf); err != nil {
		return err
	}
	if err := version.ParsePrevResult(&conf.NetConf); err != nil {
		return err
	}
	result, err := current.GetResult(conf.PrevResult)
	if err != nil {
		return fmt.Errorf("needs the result of another plug-in before it: %w", err)
	}
	var pod arguments
	pod.IgnoreUnknown = true
	if err := types.LoadArgs(given.Args, &pod); err != nil {
		return err
	}
	namespace, name := string(pod.K8S_POD_NAMESPACE), string(pod.K8S_POD_NAME)
	for _, end := range result.Interfaces {
		if end.Sandbox == "" {
			if err := rename(end.Name, interfaceName(namespace, name)); err != nil {
				return fmt.Errorf("naming %s: %w", end.Name, err)
			}
			end.Name = interfaceName(namespace, name)
		}
	}
	for _, address := range result.IPs {
		if err := conf.APIServer.annotate(namespace, name, address.Address.IP.String()+"/32"); err != nil {
			return fmt.Errorf("annotating pod %s/%s: %w", namespace, name, err)
		}
	}
	return types.PrintResult(result, conf.CNIVersion)
}

func interfaceName(namespace, pod string) string {
	sum := sha1.Sum([]byte(namespace + "." + pod))
	return "cali" + hex.EncodeToString(sum[:])[:11]
}

// rename takes the interface down meanwhile, because older kernels ask for it, and then gives it back the routes lost by that.
func rename(from, to string) error {
	if earlier, err := netlink.LinkByName(to); err == nil {
		// Of a former sandbox of the same pod.
		if err := netlink.LinkDel(earlier); err != nil {
			return err
		}
	}
	link, err := netlink.LinkByName(from)
	if err != nil {
		return err
	}
	routes, err := netlink.RouteList(link, netlink.FAMILY_V4)
	if err != nil {
		return err
	}
	if err := netlink.LinkSetDown(link); err != nil {
		return err
	}
	if err := netlink.LinkSetName(link, to); err != nil {
		return err
	}
	if err := netlink.LinkSetUp(link); err != nil {
		return err
	}
	for _, route := range routes {
		if err := netlink.RouteReplace(&route); err != nil {
			return err
		}
	}
	return nil
}
