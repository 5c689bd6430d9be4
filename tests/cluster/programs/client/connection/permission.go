package connection

import (
	"fmt"
	"strings"

	v1 "github.com/authzed/authzed-go/proto/authzed/api/v1"
)

// Question asks whether a subject has a permission on a resource, both written as type:id.
func Question(resource, permission, subject string) (*v1.CheckPermissionRequest, error) {
	on, err := object(resource)
	if err != nil {
		return nil, err
	}
	who, relation, _ := strings.Cut(subject, "#")
	by, err := object(who)
	if err != nil {
		return nil, err
	}
	return &v1.CheckPermissionRequest{
		Resource:   on,
		Permission: permission,
		Subject:    &v1.SubjectReference{Object: by, OptionalRelation: relation},
	}, nil
}

func object(text string) (*v1.ObjectReference, error) {
	kind, id, ok := strings.Cut(text, ":")
	if !ok || kind == "" || id == "" {
		return nil, fmt.Errorf("%q is not written as type:id", text)
	}
	return &v1.ObjectReference{ObjectType: kind, ObjectId: id}, nil
}

// Allowed says whether an answer grants the permission.
func Allowed(answer *v1.CheckPermissionResponse) bool {
	return answer.Permissionship == v1.CheckPermissionResponse_PERMISSIONSHIP_HAS_PERMISSION
}
