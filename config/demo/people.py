"""示例银行: a head office with departments, two branches with two outlets each, and the people who work there.

周岚 supervises the east branch: she sees what 李敏 (her outlet) and 陈立 (her branch) do, and nothing that only concerns the
west, where 孙倩 is. Sign-ins: contract 3. Everybody else is a colleague without a sign-in.
"""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Membership, Unit, User
from accounts.roles import Role

PASSWORD = "shouwen-demo"  # noqa: S105 - published on purpose: it opens invented data only
SINCE = date(2020, 1, 1)

INSTITUTION, BRANCH, OUTLET, DEPARTMENT = (
    Unit.Kind.INSTITUTION,
    Unit.Kind.BRANCH,
    Unit.Kind.OUTLET,
    Unit.Kind.DEPARTMENT,
)

# code, name, kind, code of the unit above
UNITS: tuple[tuple[str, str, str, str], ...] = (
    ("HO", "示例银行", INSTITUTION, ""),
    ("HO-CALL", "客服中心", DEPARTMENT, "HO"),
    ("HO-CARDS", "信用卡中心", DEPARTMENT, "HO"),
    ("HO-DIGITAL", "数字金融部", DEPARTMENT, "HO"),
    ("HO-LEGAL", "合规与法律部", DEPARTMENT, "HO"),
    ("HO-RIGHTS", "消费者权益保护部", DEPARTMENT, "HO"),
    ("HO-WEALTH", "财富管理部", DEPARTMENT, "HO"),
    ("E", "城东支行", BRANCH, "HO"),
    ("E-RETAIL", "个人金融部", DEPARTMENT, "E"),
    ("E-LOANS", "个贷中心", DEPARTMENT, "E"),
    ("E1", "解放路网点", OUTLET, "E"),
    ("E2", "人民路网点", OUTLET, "E"),
    ("W", "城西支行", BRANCH, "HO"),
    ("W-RETAIL", "城西个人金融部", DEPARTMENT, "W"),
    ("W1", "西湖路网点", OUTLET, "W"),
    ("W2", "文三路网点", OUTLET, "W"),
)

# user name, name, (role, unit) of each post; the first post is the one they act in
SIGN_INS: tuple[tuple[str, str, tuple[tuple[Role, str], ...]], ...] = (
    ("frontdesk", "李敏", ((Role.FRONT_DESK, "E1"),)),
    ("frontdesk2", "孙倩", ((Role.FRONT_DESK, "W1"),)),
    ("handler", "陈立", ((Role.HANDLER, "E-RETAIL"),)),
    ("handler2", "林悦", ((Role.HANDLER, "HO-CARDS"),)),
    ("supervisor", "周岚", ((Role.SUPERVISOR, "E"),)),
    ("compliance", "赵启明", ((Role.HANDLER, "HO-LEGAL"), (Role.COMPLIANCE, "HO"))),
    ("compliance2", "顾宁", ((Role.COMPLIANCE, "HO"),)),
    ("auditor", "区静", ((Role.AUDITOR, "HO"),)),
    ("admin", "安达", ((Role.ADMINISTRATOR, "HO"),)),
)

COLLEAGUES: tuple[tuple[str, str, tuple[tuple[Role, str], ...]], ...] = (
    ("hejing", "何静", ((Role.FRONT_DESK, "E1"),)),
    ("fangqiang", "方强", ((Role.FRONT_DESK, "E2"),)),
    ("wuhao", "吴浩", ((Role.FRONT_DESK, "W2"),)),
    ("xufang", "徐芳", ((Role.FRONT_DESK, "HO-CALL"),)),
    ("gaoyuan", "高远", ((Role.FRONT_DESK, "HO-CALL"),)),
    ("tangli", "唐莉", ((Role.FRONT_DESK, "HO-RIGHTS"),)),
    ("zhengkai", "郑凯", ((Role.HANDLER, "E-LOANS"),)),
    ("luming", "陆鸣", ((Role.HANDLER, "HO-WEALTH"),)),
    ("hanxue", "韩雪", ((Role.HANDLER, "HO-CARDS"),)),
    ("penglei", "彭磊", ((Role.HANDLER, "HO-DIGITAL"),)),
    ("jiangwei", "姜伟", ((Role.HANDLER, "W-RETAIL"),)),
    ("qianli", "钱莉", ((Role.SUPERVISOR, "W"),)),
    ("caoming", "曹明", ((Role.SUPERVISOR, "HO-CARDS"),)),
    ("ouyangli", "欧阳丽", ((Role.SUPERVISOR, "HO"),)),
    ("yefan", "叶帆", ()),  # a wealth manager: complained about, handles nothing
    ("bailu", "白露", ()),  # a teller
)


@transaction.atomic
def found(*, with_sign_ins: bool) -> None:
    """Found the institution. Without sign-ins nobody has a password, and an administrator must set one."""
    units: dict[str, Unit] = {}
    for code, name, kind, above in UNITS:
        units[code] = Unit.objects.create(code=code, name=name, kind=kind, parent=units.get(above))
    password = make_password(PASSWORD)
    for number, (username, name, posts) in enumerate(SIGN_INS + COLLEAGUES, start=1):
        person = User(username=username, name=name, employee_number=f"SL{1000 + number}")
        person.password = password if with_sign_ins and number <= len(SIGN_INS) else make_password(None)
        person.is_staff = any(role is Role.ADMINISTRATOR for role, _code in posts)
        person.save()
        for role, code in posts:
            Membership.objects.create(user=person, unit=units[code], role=role, from_on=SINCE)
