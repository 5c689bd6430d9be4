// Felix alone, without the rest of calico/node.
package main

import "github.com/projectcalico/calico/felix/daemon"

func main() { daemon.Run("/etc/calico/felix.cfg", "v3.28", "", "") }
