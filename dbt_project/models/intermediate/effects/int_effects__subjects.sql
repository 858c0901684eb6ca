{#- Everybody whom chance put into an arm, declared test or not: by the first assignment. The retention list's own holdout is
    the test `retention-list`; there every retention contact counts, elsewhere the contacts of the test. -#}
with customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

interventions as (
    select
        interventions.*,
        customer_keys.customer_key
    from {{ ref('stg_crm__interventions') }} as interventions
    inner join customer_keys on interventions.customer_id = customer_keys.customer_id
    where interventions.assigned_at < {{ as_of_timestamp() }}
),

experiments as (
    select * from {{ ref('experiments') }}
    where company = '{{ var("company", "demo") }}'
),

published as (
    select * from {{ ref('int_effects__published_assignments') }}
),

assignments as (
    select
        experiment_id,
        customer_key,
        arm,
        assigned_at,
        intervention_id as assignment_id
    from interventions
    where experiment_id is not null and arm is not null
    union all
    select
        'retention-list' as experiment_id,
        customer_keys.customer_key,
        published.arm,
        cast(published.as_of as timestamp) as assigned_at,
        published.customer_id as assignment_id
    from published
    inner join customer_keys on published.customer_id = customer_keys.customer_id
),

labelled as (
    select
        experiment_id,
        customer_key,
        assigned_at,
        assignment_id,
        arm = 'holdout' as is_holdout,
        case when arm in ('control', 'holdout') then 'control' else 'treatment' end as arm
    from assignments
),

tests as (
    select
        labelled.experiment_id,
        coalesce(max(experiments.outcome_days), {{ var('churn_horizon_days') }}) as outcome_days,
        coalesce(max(experiments.metric), 'lost') as declared_metric,
        coalesce(
            max(experiments.treatment_share),
            max(case when labelled.is_holdout then 1 - {{ var('retention_holdout_share') }} end)
        ) as treatment_share,
        max(experiments.smallest_effect) as smallest_effect
    from labelled
    left join experiments on labelled.experiment_id = experiments.experiment_id
    group by labelled.experiment_id
),

firsts as (
    select
        experiment_id,
        customer_key,
        min(assigned_at) as assigned_at,
        {{ value_at_min('arm', event_order('assigned_at', 'assignment_id')) }} as arm
    from labelled
    group by experiment_id, customer_key
),

timed as (
    select
        firsts.*,
        tests.declared_metric,
        tests.treatment_share,
        tests.smallest_effect,
        {{ timestamp_add_days('firsts.assigned_at', 'tests.outcome_days') }} as outcome_until
    from firsts
    inner join tests on firsts.experiment_id = tests.experiment_id
),

contacts as (
    select
        experiment_id,
        customer_key,
        contacted_at
    from interventions
    where contacted_at < {{ as_of_timestamp() }} and experiment_id is not null
    union all
    select
        'retention-list' as experiment_id,
        customer_key,
        contacted_at
    from interventions
    where contacted_at < {{ as_of_timestamp() }}
),

contacted as (
    select
        timed.experiment_id,
        timed.customer_key,
        count(*) as contact_count
    from timed
    inner join contacts
        on timed.experiment_id = contacts.experiment_id
        and timed.customer_key = contacts.customer_key
        and contacts.contacted_at > timed.assigned_at
        and contacts.contacted_at <= timed.outcome_until
    group by timed.experiment_id, timed.customer_key
),

final as (
    select
        timed.experiment_id,
        timed.customer_key,
        timed.arm,
        timed.assigned_at,
        timed.outcome_until,
        timed.outcome_until <= {{ as_of_timestamp() }} as is_mature,
        contacted.contact_count is not null as is_contacted,
        timed.declared_metric,
        timed.treatment_share,
        timed.smallest_effect
    from timed
    left join contacted
        on timed.experiment_id = contacted.experiment_id
        and timed.customer_key = contacted.customer_key
)

select * from final
