{#- Includes every randomised customer, whether or not the experiment is declared. The holdout of the retention list is
    the experiment `retention-list`: all retention contacts count for it. For other experiments only their own contacts
    count. -#}
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

experiment_settings as (
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

first_assignments as (
    select
        experiment_id,
        customer_key,
        min(assigned_at) as assigned_at,
        {{ value_at_min('arm', event_order('assigned_at', 'assignment_id')) }} as arm
    from labelled
    group by experiment_id, customer_key
),

with_outcome_period as (
    select
        first_assignments.*,
        experiment_settings.declared_metric,
        experiment_settings.treatment_share,
        experiment_settings.smallest_effect,
        {{ timestamp_add_days('first_assignments.assigned_at', 'experiment_settings.outcome_days') }} as outcome_until
    from first_assignments
    inner join experiment_settings on first_assignments.experiment_id = experiment_settings.experiment_id
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
        with_outcome_period.experiment_id,
        with_outcome_period.customer_key,
        count(*) as contact_count
    from with_outcome_period
    inner join contacts
        on with_outcome_period.experiment_id = contacts.experiment_id
        and with_outcome_period.customer_key = contacts.customer_key
        and contacts.contacted_at > with_outcome_period.assigned_at
        and contacts.contacted_at <= with_outcome_period.outcome_until
    group by with_outcome_period.experiment_id, with_outcome_period.customer_key
),

final as (
    select
        with_outcome_period.experiment_id,
        with_outcome_period.customer_key,
        with_outcome_period.arm,
        with_outcome_period.assigned_at,
        with_outcome_period.outcome_until,
        with_outcome_period.outcome_until <= {{ as_of_timestamp() }} as is_mature,
        contacted.contact_count is not null as is_contacted,
        with_outcome_period.declared_metric,
        with_outcome_period.treatment_share,
        with_outcome_period.smallest_effect
    from with_outcome_period
    left join contacted
        on with_outcome_period.experiment_id = contacted.experiment_id
        and with_outcome_period.customer_key = contacted.customer_key
)

select * from final
