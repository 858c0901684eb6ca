with experiments as (
    select * from {{ ref('experiments') }}
),

register as (
    select * from {{ ref('improvement_register') }}
),

problems as (
    select concat(
        'experiments.csv, ',
        experiment_id,
        ': metric ',
        metric,
        ' is not measured; write lost, orders, revenue_cents, tickets or satisfaction'
    ) as problem
    from experiments
    where metric not in ('lost', 'orders', 'revenue_cents', 'tickets', 'satisfaction')
    union all
    select concat(
        'experiments.csv, ',
        experiment_id,
        ': treatment_share must lie between 0 and 1, found ',
        cast(treatment_share as string)
    ) as problem
    from experiments
    where treatment_share <= 0 or treatment_share >= 1
    union all
    select concat(
        'experiments.csv, ',
        experiment_id,
        ': smallest_effect and outcome_days must be above 0'
    ) as problem
    from experiments
    where smallest_effect <= 0 or outcome_days <= 0
    union all
    select concat(
        'improvement_register.csv, ',
        action_id,
        ': metric ',
        metric,
        ' is not measured; write csat_mean, csat_top2, nps or ces_mean'
    ) as problem
    from register
    where metric not in ('csat_mean', 'csat_top2', 'nps', 'ces_mean')
    union all
    select concat(
        'improvement_register.csv, ',
        action_id,
        ': ',
        scope_dimension,
        ' is not a dimension; write region, segment, product, channel, touchpoint or team'
    ) as problem
    from register
    where
        scope_dimension not in ('region', 'segment', 'product', 'channel', 'touchpoint', 'team')
        or coalesce(control_dimension, 'team') not in ('region', 'segment', 'product', 'channel', 'touchpoint', 'team')
    union all
    select concat(
        'improvement_register.csv, ',
        action_id,
        ': the control is the scope itself; name another group or leave it empty'
    ) as problem
    from register
    where scope_dimension = control_dimension and scope_value = control_value
    union all
    select concat(
        'improvement_register.csv, ',
        action_id,
        ': a control needs both control_dimension and control_value'
    ) as problem
    from register
    where (control_dimension is null) != (control_value is null)
    union all
    select concat(
        'improvement_register.csv, ',
        action_id,
        ': done_on lies before started_on, or started_on is empty'
    ) as problem
    from register
    where done_on is not null and (started_on is null or done_on < started_on)
    union all
    select concat(
        'improvement_register.csv, ',
        action_id,
        ': expected_effect is 0; write the change you expect, with the sign of an improvement'
    ) as problem
    from register
    where expected_effect = 0
)

select * from problems
