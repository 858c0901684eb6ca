{#- Comparable customers have the same month, segment, band of orders in the year before, and contract status, and no
    complaint. The handling of the complaint counts as of the end of the month. -#}
with panel as (
    select * from {{ ref('int_complaints__recovery_panel') }}
),

outcomes as (
    select
        panel.*,
        'retention' as outcome,
        panel.is_retained as came_back
    from panel
    where panel.is_retained is not null
    union all
    select
        panel.*,
        'repurchase' as outcome,
        panel.has_repurchased as came_back
    from panel
),

baselines as (
    select
        outcome,
        month_number,
        segment,
        has_contract,
        order_band,
        count(*) as control_count,
        avg(cast(came_back as double)) as control_share
    from outcomes
    where complaint_id is null
    group by outcome, month_number, segment, has_contract, order_band
),

final as (
    select
        outcomes.outcome,
        complaints.complaint_id,
        outcomes.customer_key,
        outcomes.month_number,
        outcomes.segment,
        outcomes.has_contract,
        outcomes.order_band,
        complaints.category,
        complaints.grade,
        complaints.severity,
        {{ recovery_speed('complaints', 'outcomes.ends_at') }} as speed,
        {{ recovery_result('complaints', 'outcomes.ends_at') }} as result,
        case when complaints.is_golden_breached then 'later' else 'within_golden_time' end as first_response,
        outcomes.came_back,
        baselines.control_count,
        baselines.control_share
    from outcomes
    inner join {{ ref('fct_complaints') }} as complaints
        on outcomes.complaint_id = complaints.complaint_id
    left join baselines
        on outcomes.outcome = baselines.outcome
        and outcomes.month_number = baselines.month_number
        and outcomes.segment = baselines.segment
        and outcomes.has_contract = baselines.has_contract
        and outcomes.order_band = baselines.order_band
)

select * from final
